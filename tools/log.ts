/** npm run log -- <verb>: the operator's tool, on the platform that npm start runs here or on the one that the environment names. */
import { runTool } from '@instep/log';
import { join } from 'node:path';
import { spawn } from 'node:child_process';
import { onEnding } from './ending.ts';
import { repository } from './running.ts';
import { runningPlatform } from './running-platform.ts';

const ending = new AbortController();
onEnding(() => ending.abort());

const code = await runTool(process.argv.slice(2), {
  environment: { ...found(), ...process.env },
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  signal: ending.signal,
  rebuild,
});
process.stdout.write('', () => process.exit(code));

/** What npm start told of itself, as the variables that would say the same. */
function found(): Record<string, string> {
  const { brokers, databaseUrl, services = {} } = runningPlatform() ?? {};
  const urls = Object.entries(services).map(([name, url]) => `${name}=${url}`);
  return {
    ...(brokers !== undefined && { KAFKA_BROKERS: brokers }),
    ...(databaseUrl !== undefined && { DATABASE_URL: databaseUrl }),
    ...(urls.length > 0 && { INSTEP_SERVICES: urls.join(',') }),
  };
}

function rebuild(args: readonly string[]): Promise<number> {
  const program = join(repository, 'tools', 'rebuild.ts');
  const child = spawn(process.execPath, ['--conditions=instep-source', program, ...args], { stdio: ['ignore', 'inherit', 'inherit'] });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
