import { join } from 'node:path';
import { startKafka } from '@instep/embedded-kafka';
import { createDatabase, startPostgres } from '@instep/embedded-postgres';
import type { Exit } from '@instep/local-process';
import { toolchainDir } from './repository.ts';

export type PlatformOptions = {
  /** Data and logs of what is started here. */
  readonly dataDir: string;
  /** Free ones where absent. */
  readonly kafkaPort?: number;
  readonly kafkaControllerPort?: number;
  readonly postgresPort?: number;
  /**
   * `run`: for load and for data that matters (optimising compiler, fsync). `test`: quicker to start, and a power cut
   * may lose the data.
   */
  readonly profile: 'run' | 'test';
  /** Where KAFKA_BROKERS and DATABASE_URL name a platform that is there already. Default: this process's own. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly onStep?: (line: string) => void;
};

export type Part = {
  readonly name: 'Kafka' | 'PostgreSQL';
  readonly pid: number;
  readonly exited: Promise<Exit>;
};

export type Platform = {
  readonly brokers: string;
  readonly databaseUrl: string;
  /** What was started here; empty when the platform was given. */
  readonly parts: readonly Part[];
  /** Makes a database when it is missing and gives its address. */
  createDatabase(name: string): Promise<string>;
  /** Ends what was started here. Safe to call twice. */
  stop(): Promise<void>;
};

type Started = { readonly address: string; readonly part?: Part; stop(): Promise<void> };

const nothingToStop = () => Promise.resolve();

/**
 * Kafka and PostgreSQL: those that the environment names, else our own on 127.0.0.1, which end with this process.
 * Errors: `PlatformFault`, one sentence for the user; then nothing is left running.
 */
export async function startPlatform(options: PlatformOptions): Promise<Platform> {
  const { KAFKA_BROKERS, DATABASE_URL } = options.environment ?? process.env;
  const [kafka, postgres] = await Promise.allSettled([
    KAFKA_BROKERS ? given(KAFKA_BROKERS) : ownKafka(options),
    DATABASE_URL ? given(DATABASE_URL) : ownPostgres(options),
  ]);
  if (kafka.status === 'rejected') {
    if (postgres.status === 'fulfilled') await postgres.value.stop();
    throw kafka.reason;
  }
  if (postgres.status === 'rejected') {
    await kafka.value.stop();
    throw postgres.reason;
  }
  const started = [kafka.value, postgres.value];
  return {
    brokers: kafka.value.address,
    databaseUrl: postgres.value.address,
    parts: started.flatMap(({ part }) => part ?? []),
    createDatabase: (name) => createDatabase(postgres.value.address, name),
    stop: async () => {
      await Promise.all(started.map((each) => each.stop()));
    },
  };
}

function given(address: string): Promise<Started> {
  return Promise.resolve({ address, stop: nothingToStop });
}

async function ownKafka({ dataDir, profile, kafkaPort, kafkaControllerPort, onStep }: PlatformOptions): Promise<Started> {
  const kafka = await startKafka({
    dataDir: join(dataDir, 'kafka'),
    logFile: join(dataDir, 'logs', 'kafka.log'),
    jarsDir: join(toolchainDir, 'kafka'),
    profile,
    ...(kafkaPort !== undefined && { port: kafkaPort }),
    ...(kafkaControllerPort !== undefined && { controllerPort: kafkaControllerPort }),
    ...(onStep && { onStep }),
  });
  return { address: kafka.brokers, part: { name: 'Kafka', pid: kafka.pid, exited: kafka.exited }, stop: kafka.stop };
}

async function ownPostgres({ dataDir, profile, postgresPort }: PlatformOptions): Promise<Started> {
  const postgres = await startPostgres({
    dataDir: join(dataDir, 'postgres'),
    logFile: join(dataDir, 'logs', 'postgres.log'),
    durable: profile === 'run',
    ...(postgresPort !== undefined && { port: postgresPort }),
  });
  const part: Part = { name: 'PostgreSQL', pid: postgres.pid, exited: postgres.exited };
  return { address: postgres.url, part, stop: postgres.stop };
}
