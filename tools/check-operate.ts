/** npm run check:operate: the procedures of docs/guides/operate.md, run for real; see `help` below. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { failInOneSentence } from './ending.ts';
import { repository } from './running.ts';

const help = `npm run check:operate [-- part of a file's name]

Runs the procedures of docs/guides/operate.md on brokers, databases and services of its own: back up and restore, lose the disks of the
brokers, of the databases and of both, delete a topic, rotate secrets, scale. Prints each command and what it said. About five minutes.
Ends with code 1 when one did not do what the page says.

  --help  this

Examples:
  npm run check:operate
  npm run check:operate -- secrets`;

const { values, positionals } = parseArgs({ options: { help: { type: 'boolean', default: false } }, allowPositionals: true });
if (values.help) console.log(help);
else await check().catch(failInOneSentence);

async function check(): Promise<void> {
  const jest = join(repository, 'tools', 'jest.ts');
  const args = [jest, '--runInBand', ...positionals, '--testMatch', '<rootDir>/operate/**/*.spec.ts'];
  const child = spawn(process.execPath, args, {
    cwd: join(repository, 'scenarios'),
    stdio: 'inherit',
    env: { ...process.env, ALOUD: '1' },
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => child.kill(signal));
  process.exitCode = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}
