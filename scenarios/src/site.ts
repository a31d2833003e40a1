import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { startKafka, type Kafka } from '@instep/embedded-kafka';
import { startPostgres, type Postgres } from '@instep/embedded-postgres';
import { toolchainDir, type Platform } from '@instep/platform';

import { freePort } from './gate.ts';

/** A broker and a database server whose disks can be lost. What comes after them has the same addresses and is empty. */
export interface Site {
  readonly platform: Platform;
  /** Folder of the database server's files. */
  readonly databaseFiles: string;
  /** kill -9, and the disk is gone. Resolves when an empty broker serves. */
  loseBroker(): Promise<void>;
  /** kill -9, and the disk is gone. `putBack` may put files in its place. Resolves when the server serves. */
  loseDatabases(putBack?: (files: string) => void): Promise<void>;
}

export async function startSite(folder: string): Promise<Site> {
  const [port, controllerPort, databasePort] = [await freePort(), await freePort(), await freePort()];
  const brokerFolder = join(folder, 'kafka');
  const databaseFolder = join(folder, 'postgres');
  const broker = (): Promise<Kafka> =>
    startKafka({
      dataDir: brokerFolder,
      jarsDir: join(toolchainDir, 'kafka'),
      logFile: join(folder, 'kafka.log'),
      profile: 'test',
      port,
      controllerPort,
    });
  const databases = (): Promise<Postgres> =>
    startPostgres({ dataDir: databaseFolder, logFile: join(folder, 'postgres.log'), durable: false, port: databasePort });
  let [kafka, postgres] = await Promise.all([broker(), databases()]);
  const databaseFiles = join(databaseFolder, 'cluster');
  return {
    databaseFiles,
    platform: {
      brokers: kafka.brokers,
      databaseUrl: postgres.url,
      parts: [],
      createDatabase: (name) => postgres.createDatabase(name),
      stop: async () => {
        await Promise.all([kafka.stop(), postgres.stop()]);
      },
    },
    async loseBroker() {
      await kill(kafka);
      rmSync(brokerFolder, { recursive: true });
      kafka = await broker();
    },
    async loseDatabases(putBack) {
      await kill(postgres);
      rmSync(databaseFolder, { recursive: true });
      mkdirSync(databaseFolder, { mode: 0o700 });
      putBack?.(databaseFiles);
      postgres = await databases();
    },
  };
}

async function kill({ pid, exited }: Kafka | Postgres): Promise<void> {
  process.kill(pid, 'SIGKILL');
  await exited;
}
