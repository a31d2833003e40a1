/**
 * A workspace's tests: jest on the workspace in whose folder this is run, with the arguments given. Node sometimes stands still for ever while it
 * ends (nodejs/node#54918: the compiler's thread and the main thread wait for each other), after all tests have run and their outcome is
 * printed. So jest is a process of its own, and one that has told its outcome and does not end is ended.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { tallyOf } from './jest-tally.ts';
import { programOf, repository } from './running.ts';

const ENDING_MS = 20_000;

const jest = spawn(
  process.execPath,
  [
    '--experimental-vm-modules',
    '--disable-warning=ExperimentalWarning',
    programOf('jest'),
    '--config',
    join(repository, 'jest.config.mjs'),
    '--rootDir',
    process.cwd(),
    ...process.argv.slice(2),
  ],
  { stdio: ['inherit', 'inherit', 'pipe'], env: { ...process.env, ...(process.stderr.isTTY && { FORCE_COLOR: '1' }) } },
);
const watching = process.argv.some((argument) => argument.startsWith('--watch'));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => jest.kill(signal));

let said = '';
let late: NodeJS.Timeout | undefined;
jest.stderr.setEncoding('utf8').on('data', (text: string) => {
  process.stderr.write(text);
  said += text;
  if (!watching && said.includes('Ran all test suites')) late ??= setTimeout(endIt, ENDING_MS);
});
jest.once('exit', (code) => {
  clearTimeout(late);
  process.exitCode = code ?? 1;
});

function endIt(): void {
  const whole = /^Test Suites: (?!.*failed)/m.test(stripVTControlCharacters(said)) && tallyOf(said).failed === 0;
  console.error(`jest had told its outcome and did not end within ${ENDING_MS / 1000} s: it is ended. Something may still be open.`);
  jest.removeAllListeners('exit');
  jest.kill('SIGKILL');
  process.exitCode = whole ? 0 : 1;
}
