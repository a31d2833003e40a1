/** A process that builds a view and is killed after its first batch, if there is one: `node killed-build.ts <lake> <database> <department> <table>`. */
import { buildView } from '../new-view/new-view.ts';
import { viewTarget } from '../new-view/view-target.ts';
import { openSource } from '../source/source.ts';

const [lake = '', database = '', department = '', table = ''] = process.argv.slice(2);
const { log, close } = await openSource({ lake, brokers: undefined });
await buildView(viewTarget(department, table, 2, database), {
  log,
  progress: () => process.kill(process.pid, 'SIGKILL'),
});
await close();
