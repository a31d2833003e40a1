import { Ground } from './ground.ts';
import { rebuildBeside } from './rebuild-beside.ts';
import { runTool } from './run-tool.ts';

const ending = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => ending.abort());

process.exitCode = await runTool(process.argv.slice(2), {
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: ending.signal,
  rebuild: (args) => rebuildBeside(args, new Ground(process.env, [])),
});
