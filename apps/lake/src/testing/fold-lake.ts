/** A process that folds the row history of a lake in small steps: `node fold-lake.ts <lake> <folder>`, to be killed in the middle. */
import { openLakeLog } from '../log/lake-log.ts';
import { buildRowHistory } from '../row-history/build-row-history.ts';
import { keptDepartments } from '../row-history/departments.ts';

const [lake = '', folder = ''] = process.argv.slice(2);
const log = await openLakeLog({ folder: lake });
await buildRowHistory({ log, lake, folder, departments: keptDepartments(), until: Date.parse('2030-01-01T00:00:00Z'), segment: 40 });
await log.close();
