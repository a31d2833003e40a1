/** A process that reads a partition of a lake to its end: `node read-lake.ts <lake> <topic> <partition>`; prints how many records it has. */
import { openLakeLog } from '../log/lake-log.ts';

const [folder = '', topic = '', partition = ''] = process.argv.slice(2);
const log = await openLakeLog({ folder });
let count = 0;
try {
  for await (const records of log.read({ topic, partition: Number(partition) }, 0, Number.MAX_SAFE_INTEGER)) count += records.length;
  process.stdout.write(`${String(count)}\n`);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
} finally {
  await log.close();
}
