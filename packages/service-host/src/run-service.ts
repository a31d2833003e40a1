import { systemClock, systemIds } from '@instep/department';
import { createLogger, createMetrics, startTelemetry, type Logger, type Telemetry } from '@instep/telemetry';

import { ConfigMistakes, readEnvironment, type HostConfig, type ReadEnvironment } from './config.ts';
import { endOnSignal } from './ending.ts';
import { failingAnswers } from './failing-answers.ts';
import { armed } from './failpoints.ts';
import { hostApplication, type HostApplication } from './host-application.ts';
import { openGround } from './open-ground.ts';
import { accessOnly, migrateOnly, topicsOnly } from './prepare.ts';
import { rebuildFromLog } from './rebuild/rebuild-from-log.ts';
import { departmentOf, type ServiceDefinition } from './service-definition.ts';
import { SettingMistake, type Settings } from './settings.ts';

/** As in sysexits.h: a mistake in the configuration, an error of the software. */
const EXIT_CONFIG = 78;
const EXIT_SOFTWARE = 70;
const EXIT_USAGE = 64;

const TELEMETRY_FLUSH_MS = 1_000;

const verbs = ['serve', 'migrate', 'topics', 'access', 'rebuild'] as const;
const jobs = { migrate: migrateOnly, topics: topicsOnly, access: accessOnly } as const;
const doing = { serve: 'serve', migrate: 'migrate', topics: 'make the topics', access: 'give access', rebuild: 'rebuild' } as const;
const isVerb = (text: string): text is (typeof verbs)[number] => (verbs as readonly string[]).includes(text);

/**
 * The whole life of a service's process: `serve` (default), `migrate`, `topics`, `access` or `rebuild`, by the first argument. Ends the process by itself: 0 after
 * SIGTERM or SIGINT (143 or 130 after a second one), 78 when the configuration is wrong (every mistake on a line of its own), 70 when nothing
 * can go on or the shutdown took too long, with the reason as last line.
 */
export async function runService<S extends Settings>(service: ServiceDefinition<S>): Promise<void> {
  const [, , verb = 'serve'] = process.argv;
  if (!isVerb(verb)) {
    process.stderr.write(`${service.name} knows ${verbs.map((known) => `"${known}"`).join(', ')}, not "${verb}"\n`);
    process.exit(EXIT_USAGE);
  }
  const environment = environmentOf(service);
  const logger = createLogger({ service: service.name, level: environment.config.logLevel });
  const crash = (why: string, error: unknown): void => {
    if (error instanceof CannotListen || error instanceof SettingMistake) logger.fatal(`${why}: ${error.message}`);
    else logger.fatal({ err: error }, `${why}; the process ends`);
    process.exit(EXIT_SOFTWARE);
  };
  process.on('uncaughtException', (error) => {
    crash('an exception that nobody caught', error);
  });
  process.on('unhandledRejection', (reason) => {
    crash('a rejection that nobody handled', reason);
  });
  if (environment.unknown.length > 0)
    logger.warn({ variables: environment.unknown }, 'the environment has INSTEP_ variables that this service does not know');
  try {
    if (verb === 'rebuild') process.exit(await rebuildFromLog(service, environment, process.argv.slice(3)));
    if (verb === 'serve') {
      await serve(service, environment, logger, crash);
      return;
    }
    await jobs[verb](service, environment, logger);
    process.exit(0);
  } catch (error) {
    crash(`the service cannot ${doing[verb]}`, error);
  }
}

async function serve<S extends Settings>(
  service: ServiceDefinition<S>,
  { config, settings }: ReadEnvironment<S>,
  logger: Logger,
  crash: (why: string, error: unknown) => void,
): Promise<void> {
  let letGo = (_leftMs: () => number): Promise<void> => Promise.resolve();
  endOnSignal({ logger, deadlineMs: config.shutdownDeadlineMs, drain: (leftMs) => letGo(leftMs), exit: (code) => process.exit(code) });
  const telemetry = await startTelemetry({ serviceName: service.name, version: config.version });
  const definition = departmentOf(service, settings);
  const failpoints = armed(config.failpoints, logger);
  const ground = openGround(service, definition, config, logger, failpoints);
  const metrics = createMetrics(service.name);
  const host = await hostApplication({
    service,
    definition,
    config,
    settings,
    ground,
    logger,
    metrics,
    clock: systemClock,
    eventIds: systemIds,
    crash,
  });

  if (failpoints) failingAnswers(host.app.getHttpAdapter().getInstance(), failpoints);

  letGo = (leftMs) => closeAll(host, telemetry, leftMs);
  await listen(host, config);
  logger.info({ url: await host.app.getUrl() }, 'listening');
  await host.app.startAllMicroservices();
}

async function closeAll(host: HostApplication, telemetry: Telemetry, leftMs: () => number): Promise<void> {
  await host.close();
  await telemetry.stop(Math.min(TELEMETRY_FLUSH_MS, leftMs()));
}

const portFaults: Readonly<Record<string, string>> = {
  EADDRINUSE: 'is taken by another process: end that one, or set PORT to another number',
  EACCES: 'may not be used by this process: set PORT to a number above 1023',
  EADDRNOTAVAIL: 'is no address of this machine: set HOST to one that is',
};

/** Before anything is connected: whoever cannot be reached does not begin. */
async function listen({ app }: HostApplication, { port, host }: HostConfig): Promise<void> {
  try {
    await app.listen(port, host);
  } catch (error) {
    const fault = portFaults[String((error as { code?: unknown }).code)];
    throw fault === undefined ? error : new CannotListen(`port ${port} of ${host} ${fault}`);
  }
}

class CannotListen extends Error {}

function environmentOf<S extends Settings>(service: ServiceDefinition<S>): ReadEnvironment<S> {
  try {
    return readEnvironment(process.env, service.port, service.settings ?? ({} as S));
  } catch (error) {
    if (!(error instanceof ConfigMistakes)) throw error;
    for (const line of error.lines) process.stderr.write(`${service.name}: ${line}\n`);
    return process.exit(EXIT_CONFIG);
  }
}
