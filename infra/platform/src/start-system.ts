import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { serviceNames, type ServiceName } from '@instep/contracts';
import { freePort, PlatformFault, portIsFree } from '@instep/local-process';
import { portVariable, type Ports } from './ports.ts';
import { startPlatform, type Platform, type PlatformOptions } from './start-platform.ts';
import { startService, type Service } from './start-service.ts';

export type SystemOptions = Pick<PlatformOptions, 'dataDir' | 'profile' | 'environment' | 'onStep'> & {
  /** Free ones when absent. */
  readonly ports?: Ports;
  /** How long to wait for a taken port to become free: an earlier run may still be ending. Default 0. */
  readonly portPatienceMs?: number;
  /** Gives the start up: what is half up is ended, and the start rejects. */
  readonly signal?: AbortSignal;
  /** A platform that runs already and is left running by `stop`. */
  readonly platform?: Platform;
  /** Before each database name: systems with different prefixes can share a server. */
  readonly databasePrefix?: string;
  /** For the services, over this process's own. */
  readonly serviceEnvironment?: NodeJS.ProcessEnv;
};

export type System = {
  readonly platform: Platform;
  service(name: ServiceName): Service;
  readonly services: readonly Service[];
  /** The address of the database of a service. */
  databaseOf(name: ServiceName): string;
  /**
   * Starts a service again on its port and database, with `environment` over that of the system. The one before must have ended. Not yet
   * ready when it resolves.
   */
  restart(name: ServiceName, environment?: NodeJS.ProcessEnv): Promise<Service>;
  /** Ends the services, then the platform that was started here. Safe to call twice. */
  stop(): Promise<void>;
};

/**
 * The whole of Instep on this machine: platform, a database for each service, six ready services with their topics and tables. All of it ends
 * with this process. Errors: `PlatformFault`, one sentence for the user; then nothing is left running.
 */
export async function startSystem(options: SystemOptions): Promise<System> {
  const ports = options.ports;
  if (ports) await requirePorts(ports, options);
  const platform = options.platform ?? (await startPlatform({ ...options, ...(ports && platformPorts(ports)) }));
  const services = new Map<ServiceName, Service>();
  const databases = new Map<ServiceName, string>();
  const stop = async () => {
    await Promise.all([...services.values()].map((service) => service.stop()));
    if (!options.platform) await platform.stop();
  };
  const start = async (name: ServiceName, port: number, environment: NodeJS.ProcessEnv = {}): Promise<Service> => {
    const service = await startService({
      name,
      port,
      brokers: platform.brokers,
      databaseUrl: required(databases, name),
      logFile: join(options.dataDir, 'logs', `${name}.log`),
      environment: { ...options.serviceEnvironment, ...environment },
    });
    services.set(name, service);
    return service;
  };
  const giveUp = () => void stop();
  options.signal?.addEventListener('abort', giveUp);
  try {
    options.signal?.throwIfAborted();
    options.onStep?.('databases');
    for (const name of serviceNames) databases.set(name, await platform.createDatabase(databaseName(name, options)));
    options.onStep?.('services, which make their topics and tables');
    const started = await Promise.all(serviceNames.map(async (name) => start(name, ports?.services[name] ?? (await freePort()))));
    await Promise.all(started.map((service) => service.ready()));
  } catch (error) {
    await stop();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', giveUp);
  }
  return {
    platform,
    service: (name) => required(services, name),
    get services() {
      return serviceNames.map((name) => required(services, name));
    },
    databaseOf: (name) => required(databases, name),
    restart: (name, environment) => start(name, Number(new URL(required(services, name).url).port), environment),
    stop,
  };
}

function platformPorts(ports: Ports): Pick<PlatformOptions, 'kafkaPort' | 'kafkaControllerPort' | 'postgresPort'> {
  return { kafkaPort: ports.kafka, kafkaControllerPort: ports.kafkaController, postgresPort: ports.postgres };
}

function databaseName(name: ServiceName, { databasePrefix = '' }: SystemOptions): string {
  return `${databasePrefix}${name.replaceAll('-', '_')}`;
}

async function requirePorts(ports: Ports, { platform, environment = process.env, portPatienceMs = 0 }: SystemOptions): Promise<void> {
  const ownKafka = !platform && !environment['KAFKA_BROKERS'];
  const ownPostgres = !platform && !environment['DATABASE_URL'];
  const wanted: [name: string, port: number][] = [
    ...serviceNames.map((name): [string, number] => [name, ports.services[name]]),
    ...(ownKafka
      ? ([
          ['kafka', ports.kafka],
          ['kafka-controller', ports.kafkaController],
        ] as [string, number][])
      : []),
    ...(ownPostgres ? ([['postgres', ports.postgres]] as [string, number][]) : []),
  ];
  const deadline = Date.now() + portPatienceMs;
  for (const [name, port] of wanted) {
    while (!(await portIsFree(port))) {
      if (Date.now() > deadline) throw new PlatformFault('platform/port-taken', takenPort(port, name));
      await pause(100);
    }
  }
}

function takenPort(port: number, name: string): string {
  return `Port ${port}, wanted by ${name}, is already in use: stop what uses it, or move all ports with "npm start -- --port-base 8000", or this one with ${portVariable(name)}.`;
}

function required<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key): Value {
  const value = map.get(key);
  if (value === undefined) throw new Error(`${String(key)} has not been started`);
  return value;
}
