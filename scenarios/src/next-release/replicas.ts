import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import type { ServiceName } from '@instep/contracts';
import { startService, type Service } from '@instep/platform';

import type { Company } from '../company.ts';
import { freePort } from '../gate.ts';

const apps = fileURLToPath(new URL('../../../apps', import.meta.url));

/** Of a service: the company's own replica, and another one beside it in the same group on the same database. */
export interface Replicas {
  readonly name: ServiceName;
  /** The one that is replaced first. */
  second(): Service | undefined;
  /** Ends the second replica, if there is one, and starts it as `release`. Resolves when it is ready. */
  replaceSecond(release: NodeJS.ProcessEnv): Promise<void>;
  /** Ends the company's own replica and starts it as `release`. Resolves when it is ready. */
  replaceFirst(release: NodeJS.ProcessEnv): Promise<void>;
  stop(): Promise<void>;
}

export function replicasOf(company: Company, name: ServiceName, logDir: string): Replicas {
  let second: Service | undefined;
  let started = 0;
  return {
    name,
    second: () => second,
    async replaceSecond(release) {
      await second?.stop();
      started += 1;
      second = await startService({
        name,
        port: await freePort(),
        brokers: company.system.platform.brokers,
        databaseUrl: company.system.databaseOf(name),
        logFile: join(logDir, `${name}-second-${String(started)}.log`),
        environment: { ...onlyLooks, ...release },
      });
      await second.ready();
    },
    async replaceFirst(release) {
      await company.system.service(name).stop();
      await (await company.system.restart(name, { ...onlyLooks, ...release })).ready();
    },
    async stop() {
      await second?.stop();
    },
  };
}

/** As in Kubernetes: a job migrates, the services only look whether it has. */
const onlyLooks = { INSTEP_MIGRATE_AT_START: 'false' };

/** Partitions of the topic that each running replica has. */
export async function partitionsOf(service: Service, topic: string): Promise<number> {
  const text = await (await fetch(`${service.url}/metrics`)).text();
  return text.split('\n').filter((line) => line.startsWith(`instep_consumer_lag_events{topic="${topic}"`)).length;
}

/** What the migration job runs. */
export function migrateAs(
  company: Company,
  name: ServiceName,
  release: NodeJS.ProcessEnv,
): Promise<{ readonly code: number; readonly output: string }> {
  const environment = {
    ...process.env,
    NODE_OPTIONS: '',
    KAFKA_BROKERS: company.system.platform.brokers,
    DATABASE_URL: company.system.databaseOf(name),
    ...release,
  };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [join(apps, name, 'dist', 'main.js'), 'migrate'],
      { env: environment, cwd: join(apps, name) },
      (error, stdout, stderr) => {
        resolve({ code: error ? (typeof error.code === 'number' ? error.code : 1) : 0, output: stdout + stderr });
      },
    );
  });
}
