import type { Server } from 'node:http';

import { createDepartment, type Clock, type Department, type DepartmentDefinition, type Ids as EventIds } from '@instep/department';
import { isTracing, type Logger, type Metrics } from '@instep/telemetry';
import { NestFactory } from '@nestjs/core';
import { ModulesContainer } from '@nestjs/core/injector/modules-container.js';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import type { HostConfig } from './config.ts';
import { DepartmentStrategy } from './department.strategy.ts';
import type { Ground } from './ground.ts';
import { callerFromHeaders } from './http/caller.ts';
import { Closing } from './http/closing.ts';
import { fastifyAdapter } from './http/fastify-adapter.ts';
import { hostModule } from './http/host.module.ts';
import { nestLogger } from './http/nest-logger.ts';
import { openApiDocument } from './http/openapi.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import { CLOCK, CONFIG, CONSUMER, DATA_SOURCE, DEPARTMENT, IDS, LOG, LOGGER, METRICS, OPENAPI, PARKED, READINESS, SETTINGS } from './http/tokens.ts';
import { TraceInterceptor } from './http/trace.interceptor.ts';
import { uuids } from './ids.ts';
import { LateDepartment } from './late-department.ts';
import { patiently } from './patience.ts';
import { Readiness } from './readiness.ts';
import type { ServiceDefinition } from './service-definition.ts';
import type { Settings, SettingsOf } from './settings.ts';

export interface HostParts<S extends Settings> {
  readonly service: Pick<ServiceDefinition<S>, 'name' | 'module' | 'problems'>;
  readonly definition: DepartmentDefinition;
  readonly config: HostConfig;
  readonly settings: SettingsOf<S>;
  readonly ground: Ground;
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly clock: Clock;
  readonly eventIds: EventIds;
  /** Nothing can go on: says why and ends the process. */
  crash(why: string, error: unknown): void;
}

export interface HostApplication {
  readonly app: NestFastifyApplication;
  readonly department: Department;
  readonly readiness: Readiness;
  /** Readiness off, HTTP to rest, department drained, database and log given back: in this order, within the deadline. */
  close(): Promise<void>;
}

/** Of the shutdown deadline: what HTTP may use, and what stays for closing connections after draining. */
const HTTP_SHARE = 0.3;
const RELEASE_SHARE = 0.1;

/** Puts a service together around Nest. Nothing listens and nothing is connected yet: `app.startAllMicroservices()`, `app.listen()`. */
export async function hostApplication<S extends Settings>(parts: HostParts<S>): Promise<HostApplication> {
  const { service, definition, config, settings, ground, logger, metrics, clock } = parts;
  const readiness = new Readiness(() => clock.now(), definition.topics.length > 0);
  const department = new LateDepartment();
  const ending = new AbortController();
  let closeBy = Number.POSITIVE_INFINITY;
  const left = (): number => Math.max(0, closeBy - clock.now());

  metrics.observeDepartment(department);
  if (ground.pool) metrics.observePool(ground.pool);
  const adapter = fastifyAdapter({ resolveCaller: callerFromHeaders(config), metrics, notYet: () => readiness.notYet() });
  const closing = new Closing({
    drain: () => {
      readiness.drain();
    },
    server: () => adapter.getHttpServer() as Server,
    httpMs: () => Math.min(left(), config.shutdownDeadlineMs * HTTP_SHARE),
    release: async () => {
      await ground.closeLog();
      await ground.closeDatabase();
    },
  });
  const values: readonly (readonly [symbol, unknown])[] = [
    [DEPARTMENT, department],
    [DATA_SOURCE, ground.dataSource],
    [LOG, ground.log],
    [CONFIG, config],
    [SETTINGS, settings],
    [LOGGER, logger],
    [IDS, uuids(() => clock.now())],
    [CLOCK, () => new Date(clock.now())],
    [METRICS, metrics],
    [READINESS, readiness],
    [PARKED, ground.store.parked],
    [CONSUMER, definition.consumer],
    [OPENAPI, () => JSON.stringify(document())],
    [Symbol('closing'), closing],
  ];
  const module = hostModule(
    service.module,
    values.map(([provide, useValue]) => ({ provide, useValue })),
  );
  const app = await NestFactory.create<NestFastifyApplication>(module, adapter, { logger: nestLogger(logger), bodyParser: false, abortOnError: false });
  app.useGlobalFilters(new ProblemFilter(service.problems ?? {}, logger));
  if (isTracing()) app.useGlobalInterceptors(new TraceInterceptor());

  function document(): object {
    const controllers = [...app.get(ModulesContainer, { strict: false }).values()].flatMap((each) => [...each.controllers.values()].map(({ metatype }) => metatype));
    return openApiDocument({ title: service.name, version: config.version }, controllers.filter((metatype) => typeof metatype === 'function') as never);
  }

  async function open(): Promise<void> {
    const patience = { clock, logger, readiness, signal: ending.signal };
    await Promise.all([patiently('database', () => ground.prepareDatabase(), patience), patiently('event log', () => ground.prepareLog(), patience)]);
    await patiently('department', startDepartment, patience);
    readiness.serve(() => department.status());
    logger.info('serving');
  }

  async function startDepartment(): Promise<void> {
    const made = createDepartment({
      definition,
      log: ground.log,
      store: ground.store,
      clock,
      ids: parts.eventIds,
      runtimeLog: logger,
      onCrash: (error) => {
        parts.crash('the consumer died', error);
      },
    });
    department.arrive(made);
    try {
      await made.start();
    } catch (error) {
      await made.stop(config.shutdownDeadlineMs * RELEASE_SHARE);
      throw error;
    }
  }

  app.connectMicroservice({
    strategy: new DepartmentStrategy({
      open,
      department,
      drainMs: () => left() * (1 - RELEASE_SHARE),
      failed: (error) => {
        if (!ending.signal.aborted) parts.crash('the service cannot start', error);
      },
    }),
  });

  return {
    app,
    department,
    readiness,
    close: async () => {
      closeBy = clock.now() + config.shutdownDeadlineMs;
      ending.abort();
      await app.close();
    },
  };
}
