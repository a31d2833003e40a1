import { systemClock, systemIds, type Department, type Store } from '@instep/department';
import type { EventLog } from '@instep/event-log';
import { createLogger, createMetrics, type LogLevel } from '@instep/telemetry';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import type { DataSource } from 'typeorm';

import { readEnvironment } from './config.ts';
import { hostApplication } from './host-application.ts';
import { departmentOf, type ServiceDefinition } from './service-definition.ts';
import type { Environment, Settings } from './settings.ts';

export interface TestGround {
  readonly log: EventLog;
  readonly store: Store;
  /** For controllers that query; initialised by the test. */
  readonly dataSource?: DataSource;
  /** Settings of the service; those of the host have defaults here. */
  readonly environment?: Environment;
  /** Default `silent`. */
  readonly logLevel?: LogLevel;
}

export interface TestHost {
  readonly department: Department;
  /** One request through all of HTTP but the socket. */
  inject(request: InjectOptions): Promise<LightMyRequestResponse>;
  close(): Promise<void>;
}

/** A service on a log and a store in memory, without a port. Resolves when it serves. Log, store and data source stay the caller's. */
export async function testHost<S extends Settings>(service: ServiceDefinition<S>, ground: TestGround): Promise<TestHost> {
  const environment = {
    DATABASE_URL: 'postgres://test@localhost/test',
    KAFKA_BROKERS: 'localhost:9092',
    SHUTDOWN_DEADLINE_MS: '2000',
    ...ground.environment,
  };
  const { config, settings } = readEnvironment(environment, service.port, service.settings ?? ({} as S));
  const nothing = (): Promise<void> => Promise.resolve();
  let broken: (error: unknown) => void = () => {};
  const crashed = new Promise<never>((_, reject) => {
    broken = reject;
  });
  crashed.catch(() => {}); // told by whoever races with it
  const host = await hostApplication({
    service,
    definition: departmentOf(service, settings),
    config,
    settings,
    ground: {
      log: ground.log,
      store: ground.store,
      dataSource: ground.dataSource,
      pool: undefined,
      prepareDatabase: nothing,
      prepareLog: nothing,
      closeDatabase: nothing,
      closeLog: nothing,
    },
    logger: createLogger({ service: service.name, level: ground.logLevel ?? 'silent' }),
    metrics: createMetrics(service.name),
    clock: systemClock,
    eventIds: systemIds,
    crash: (why, error) => {
      broken(new Error(why, { cause: error }));
    },
  });
  await host.app.init();
  await host.app.startAllMicroservices();
  const fastify = host.app.getHttpAdapter().getInstance();
  await fastify.ready();
  await Promise.race([crashed, serving(() => host.readiness.notYet())]);
  return { department: host.department, inject: (request) => fastify.inject(request), close: () => host.close() };
}

async function serving(notYet: () => string | undefined): Promise<void> {
  while (notYet() !== undefined) await new Promise(setImmediate);
}
