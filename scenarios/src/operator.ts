import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

import { serviceNames } from '@instep/contracts';

import type { Company } from './company.ts';

const program = fileURLToPath(new URL('../../apps/log/dist/main.js', import.meta.url));

export interface Said {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a verb of the operator's tool as a process, against a running company. */
export async function operate(company: Company, args: readonly string[], environment: NodeJS.ProcessEnv = {}): Promise<Said> {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      KAFKA_BROKERS: company.system.platform.brokers,
      DATABASE_URL: company.system.platform.databaseUrl,
      INSTEP_SERVICES: serviceNames.map((name) => `${name}=${company.system.service(name).url}`).join(','),
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
  return { code, ...said };
}
