import type { Clock, Department, DepartmentDefinition, Ids as EventIds } from '@instep/department';
import { isTracing, type Logger, type Metrics } from '@instep/telemetry';
import { NestFactory } from '@nestjs/core';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';

import type { HostConfig } from './config.ts';
import { DepartmentStrategy } from './department.strategy.ts';
import type { Ground } from './ground.ts';
import { callerFromHeaders } from './http/caller.ts';
import { Closing } from './http/closing.ts';
import { describeApplication } from './http/describe-application.ts';
import { fastifyAdapter } from './http/fastify-adapter.ts';
import { hostModule } from './http/host.module.ts';
import { nestLogger } from './http/nest-logger.ts';
import { ProblemFilter } from './http/problem.filter.ts';
import {
  CLOCK,
  CONFIG,
  CONSUMER,
  DATA_SOURCE,
  DEPARTMENT,
  IDS,
  LOG,
  LOGGER,
  METRICS,
  OPENAPI,
  PARKED,
  READINESS,
  SETTINGS,
  WATCHING,
} from './http/tokens.ts';
import { TraceInterceptor } from './http/trace.interceptor.ts';
import { uuids } from './ids.ts';
import { Watching } from './invariants/watching.ts';
import { opening } from './opening.ts';
import { Readiness } from './readiness.ts';
import type { ServiceDefinition } from './service-definition.ts';
import type { Settings, SettingsOf } from './settings.ts';
import { unitTelemetry } from './unit-telemetry.ts';

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
  /** Readiness off, HTTP to rest, department drained, log and database given back: in this order, within the deadline. */
  close(): Promise<void>;
}

/** Of the shutdown deadline: what HTTP may use, and what stays for giving back connections after draining. */
const HTTP_SHARE = 0.3;
const RELEASE_SHARE = 0.1;

/** Puts a service together around Nest. Nothing listens and nothing is connected yet: `app.startAllMicroservices()`, `app.listen()`. */
export async function hostApplication<S extends Settings>(parts: HostParts<S>): Promise<HostApplication> {
  const { service, definition, config, settings, ground, logger, metrics, clock } = parts;
  const readiness = new Readiness(() => clock.now(), definition.topics.length > 0);
  const observer = unitTelemetry({ consumer: definition.consumer, metrics });
  const started = opening({ ...parts, readiness, observer, died: (error) => parts.crash('the consumer died', error) });
  const { department } = started;
  metrics.observeDepartment(department);
  if (ground.pool) metrics.observePool(ground.pool);

  const watching = watchingOf(parts, readiness, department);
  let closing = false;
  let closeBy = Number.POSITIVE_INFINITY;
  const left = (): number => Math.max(0, closeBy - clock.now());

  const adapter = fastifyAdapter({ resolveCaller: callerFromHeaders(config), metrics, notYet: () => readiness.notYet() });
  const ends = new Closing({
    drain: () => readiness.drain(),
    server: () => adapter.getHttpServer(),
    httpMs: () => Math.min(left(), config.shutdownDeadlineMs * HTTP_SHARE),
    release: async () => {
      await ground.closeLog();
      await ground.closeDatabase();
    },
  });
  const values = new Map<symbol, unknown>([
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
    [WATCHING, watching],
    [PARKED, ground.store.parked],
    [CONSUMER, definition.consumer],
    [OPENAPI, () => JSON.stringify(describeApplication(app, { title: service.name, version: config.version }))],
    [Symbol('ends of the closing order'), ends],
  ]);
  const app: NestFastifyApplication = await NestFactory.create<NestFastifyApplication>(hostModule(service.module, values), adapter, {
    logger: nestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  app.useGlobalFilters(new ProblemFilter(service.problems ?? {}, logger));
  if (isTracing()) app.useGlobalInterceptors(new TraceInterceptor());
  app.connectMicroservice({
    strategy: new DepartmentStrategy({
      department,
      open: async () => {
        await started.open();
        watching?.start();
      },
      drainMs: () => left() * (1 - RELEASE_SHARE),
      failed: (error) => {
        if (!closing) parts.crash('the service cannot start', error);
      },
    }),
  });
  return {
    app,
    department,
    readiness,
    close: async () => {
      closing = true;
      closeBy = clock.now() + config.shutdownDeadlineMs;
      started.abandon();
      await Promise.all([watching?.stop(), app.close()]);
    },
  };
}

function watchingOf<S extends Settings>(parts: HostParts<S>, readiness: Readiness, department: Department): Watching | undefined {
  const { ground, clock, logger, metrics, config } = parts;
  if (!ground.invariants) return undefined;
  const troubles = (): readonly string[] => department.status().troubles;
  const watching = new Watching({
    watch: ground.invariants,
    clock,
    logger,
    readiness,
    everySeconds: config.invariantsEverySeconds,
    troubles,
  });
  metrics.observeInvariants(() => watching.now());
  return watching;
}
