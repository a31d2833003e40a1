import { Ground } from './ground.ts';
import { rebuildBeside } from './rebuild-beside.ts';
import { runTool } from './run-tool.ts';

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort());

const code = await runTool(process.argv.slice(2), {
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: ending.signal,
  rebuild: (args) => rebuildBeside(args, new Ground(process.env, [])),
});
// What a connection leaves behind must not keep the tool from ending, nor ending cut off what is still being written.
process.stdout.write('', () => process.exit(code));
