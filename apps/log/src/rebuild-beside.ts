import { serviceNames, type ServiceName } from '@instep/contracts';
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

import { ToolFault } from './fault.ts';
import type { Ground } from './ground.ts';
import { serviceNamed } from './names.ts';

/** Runs the services' own rebuild, where their programs lie beside this one. Gives the worst of their exit codes. */
export async function rebuildBeside([name = '', ...options]: readonly string[], ground: Ground): Promise<number> {
  const services = name === 'all' ? serviceNames : [serviceNamed(name)];
  let worst = 0;
  for (const service of services) worst = Math.max(worst, await rebuildOf(service, options, ground));
  return worst;
}

async function rebuildOf(service: ServiceName, options: readonly string[], ground: Ground): Promise<number> {
  const program = fileURLToPath(new URL(`../../${service}/dist/main.js`, import.meta.url));
  if (!existsSync(program))
    throw new ToolFault(
      'log-tool/refused',
      `The program of ${service} is not here: run its own verb, node dist/main.js rebuild, in its container.`,
    );
  const url = ground.databaseUrl(service);
  if (url === undefined) throw new ToolFault('log-tool/bad-input', `No database of ${service} is named: set DATABASE_URL.`);
  const { INSTEP_SERVICES: _ours, ...environment } = process.env;
  const child = spawn(process.execPath, ['--enable-source-maps', program, 'rebuild', ...options], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...environment, DATABASE_URL: url, LOG_LEVEL: environment.LOG_LEVEL ?? 'warn' },
  });
  const ended = new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{"')) process.stderr.write(`${service}: ${wordsOf(line)}\n`);
    else process.stdout.write(`${line}\n`);
  }
  return ended;
}

/** What a line of the service's own log says. */
function wordsOf(line: string): string {
  try {
    const { msg, err } = JSON.parse(line) as { readonly msg?: string; readonly err?: { readonly message?: string } };
    return [msg, err?.message].filter((part) => part !== undefined).join(': ');
  } catch {
    return line;
  }
}
