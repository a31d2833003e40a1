import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ServiceName } from '@instep/contracts';

import type { Company } from './company.ts';

const apps = fileURLToPath(new URL('../../apps', import.meta.url));

/** Runs `rebuild` of a service as an operator would. Exit code 0: equal to the live database, row for row. */
export function rebuildOf(
  company: Company,
  service: ServiceName,
  serviceEnvironment: NodeJS.ProcessEnv = {},
  options: readonly string[] = [],
): Promise<{ readonly code: number; readonly output: string }> {
  const environment = {
    ...process.env,
    NODE_OPTIONS: '',
    KAFKA_BROKERS: company.system.platform.brokers,
    DATABASE_URL: company.system.databaseOf(service),
    INSTEP_DEFAULT_TENANT: 'demo',
    ...serviceEnvironment,
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--disable-warning=TimeoutNegativeWarning', join(apps, service, 'dist', 'main.js'), 'rebuild', ...options],
      { env: environment, cwd: join(apps, service) },
      (error, stdout, stderr) => {
        const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
        resolve({ code, output: stdout + stderr });
      },
    );
  });
}
