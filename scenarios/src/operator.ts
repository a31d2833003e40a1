import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { serviceNames } from '@instep/contracts';

import type { Company } from './company.ts';

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a verb of the operator's tool as a process, against a running company. */
export function operate(company: Company, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Said> {
  const services = serviceNames.map((name) => `${name}=${company.system.service(name).url}`).join(',');
  const shape = process.env['ALOUD'] && !args.includes('--json') ? ['--table'] : [];
  return run(company, 'log', [...args, ...shape], { INSTEP_SERVICES: services, ...environment });
}

/** Runs a command of the lake as a process, on the log of a company. */
export function lake(company: Company, folder: string, args: readonly string[]): Promise<Said> {
  return run(company, 'lake', args, { LAKE_FOLDER: folder });
}

async function run(company: Company, app: 'log' | 'lake', args: readonly string[], environment: NodeJS.ProcessEnv): Promise<Said> {
  const program = fileURLToPath(new URL(`../../apps/${app}/dist/main.js`, import.meta.url));
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      KAFKA_BROKERS: company.system.platform.brokers,
      DATABASE_URL: company.system.platform.databaseUrl,
      ...environment,
    },
  });
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const)
    child[stream].setEncoding('utf8').on('data', (text: string) => (said[stream] += text));
  const code = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (given) => resolve(given ?? 1));
  });
  if (process.env['ALOUD']) process.stdout.write(`\n$ npm run ${app} -- ${args.join(' ')}\n${said.stdout}${said.stderr}`);
  return { code, ...said };
}
