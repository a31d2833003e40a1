import { serviceNames, type ServiceName } from '@instep/contracts';
import type { EventLog } from '@instep/event-log';
import { kafkaLog, type KafkaConnection } from '@instep/event-log-kafka';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectionOf, readKafka, type Environment } from '@instep/service-host/environment';

import { ServiceClient } from './adapters/services/service-client.ts';
import { badInput } from './fault.ts';
import { serviceNamed } from './names.ts';

const FIRST_PORT = 7000;
const CLOSE_MS = 2_000;

/** What the tool works on: the log, the running services and their databases, each connected to when it is needed. */
export class Ground {
  readonly #environment: Environment;
  readonly #urls: ReadonlyMap<ServiceName, string>;
  #log: EventLog | undefined;

  /** `serviceUrls`: `<service>=<url>`, before those of INSTEP_SERVICES. */
  constructor(environment: Environment, serviceUrls: readonly string[]) {
    this.#environment = environment;
    const given = (environment.INSTEP_SERVICES ?? '').split(',').map((pair) => pair.trim());
    const byDefault = serviceNames.map((name, at): [ServiceName, string] => [name, `http://127.0.0.1:${String(FIRST_PORT + at)}`]);
    const named = [...given.filter((pair) => pair !== ''), ...serviceUrls].map(serviceUrl);
    this.#urls = new Map([...byDefault, ...named]);
  }

  connection(): KafkaConnection {
    const { config, mistakes } = readKafka(this.#environment);
    if (config) return connectionOf(config, 'instep-log');
    if (!this.#environment.KAFKA_BROKERS)
      throw badInput('No log is named: set KAFKA_BROKERS=host:9092, or run npm start in this repository and ask again.');
    throw badInput(mistakes.join('\n'));
  }

  log(): EventLog {
    this.#log ??= kafkaLog(this.connection());
    return this.#log;
  }

  /** One replica of the service: with several, any of them redrives, each tells only of its own partitions. */
  service(name: ServiceName): ServiceClient {
    return new ServiceClient(name, this.#urls.get(name) ?? '');
  }

  services(): readonly ServiceClient[] {
    return serviceNames.map((name) => this.service(name));
  }

  /** Of its own variable, else the database of this name on the server of DATABASE_URL. */
  databaseUrl(service: ServiceName): string | undefined {
    const name = service.replaceAll('-', '_');
    const own = this.#environment[`DATABASE_URL_${name.toUpperCase()}`];
    if (own) return own;
    const server = this.#environment.DATABASE_URL;
    if (!server) return undefined;
    const url = new URL(server);
    url.pathname = `/${name}`;
    return url.href;
  }

  /** Gives connections back; a broker that is slow to let go does not keep anybody. */
  async close(): Promise<void> {
    const late = new AbortController();
    const patience = sleep(CLOSE_MS, undefined, { signal: late.signal }).catch(() => undefined);
    await Promise.race([this.#log?.close(), patience]);
    late.abort();
  }
}

function serviceUrl(pair: string): [ServiceName, string] {
  const cut = pair.indexOf('=');
  const url = pair.slice(cut + 1);
  if (cut < 1 || !URL.canParse(url))
    throw badInput(`"${pair}" is not like finance=http://127.0.0.1:7005 (--service-url, INSTEP_SERVICES).`);
  return [serviceNamed(pair.slice(0, cut)), url];
}
