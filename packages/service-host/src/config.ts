import { logLevels, type LogLevel } from '@instep/telemetry';

import { failpointsSetting, type Failpoint } from './failpoints.ts';
import { kafkaConfig, kafkaSettings, saslMistakes, type KafkaConfig } from './kafka-settings.ts';
import {
  flag,
  list,
  oneOf,
  readSettings,
  SettingMistake,
  text,
  wholeNumber,
  type Environment,
  type Setting,
  type Settings,
  type SettingsOf,
} from './settings.ts';

/** What every service is told by its environment, read once at the start. */
export interface HostConfig {
  readonly host: string;
  readonly port: number;
  readonly logLevel: LogLevel;
  readonly shutdownDeadlineMs: number;
  readonly databaseUrl: string;
  /** Of the department; queries of read models have as many of their own. */
  readonly databaseConnections: number;
  readonly kafka: KafkaConfig;
  /** Topics that are missing are made. Otherwise the service waits until somebody has made them. */
  readonly createTopics: boolean;
  readonly topicReplication: number;
  /** The service brings its tables up to date when it starts. Otherwise it waits until its verb `migrate` has done so. */
  readonly migrateAtStart: boolean;
  /** Those that exist; empty: all. */
  readonly tenants: readonly string[];
  /** For requests that name none. */
  readonly defaultTenant: string | undefined;
  /** Where this process fails on purpose; empty outside of tests. */
  readonly failpoints: readonly Failpoint[];
  /** Seconds from one check of the invariants to the next; 0: only when somebody asks. */
  readonly invariantsEverySeconds: number;
  /** Of the release, for traces and the OpenAPI document. */
  readonly version: string;
}

const TENANT = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

function hostSettings(defaultPort: number) {
  return {
    host: text('HOST', { default: '127.0.0.1' }),
    port: wholeNumber('PORT', { default: defaultPort, min: 0, max: 65_535 }),
    logLevel: oneOf('LOG_LEVEL', logLevels, 'info'),
    shutdownDeadlineMs: wholeNumber('SHUTDOWN_DEADLINE_MS', { default: 8_000, min: 100, max: 600_000 }),
    databaseUrl: secretText('DATABASE_URL', /^postgres(?:ql)?:\/\/[^\s]+$/, 'postgres://user:password@host:5432/database'),
    databaseConnections: wholeNumber('DATABASE_CONNECTIONS', { default: 5, min: 2, max: 200 }),
    ...kafkaSettings,
    createTopics: flag('INSTEP_CREATE_TOPICS', false),
    topicReplication: wholeNumber('INSTEP_TOPIC_REPLICATION', { default: 1, min: 1, max: 9 }),
    migrateAtStart: flag('INSTEP_MIGRATE_AT_START', true),
    tenants: list('INSTEP_TENANTS', { required: false, pattern: TENANT, like: 'demo,acme' }),
    defaultTenant: optionalTenant('INSTEP_DEFAULT_TENANT'),
    failpoints: failpointsSetting,
    invariantsEverySeconds: wholeNumber('INSTEP_INVARIANTS_EVERY_SECONDS', { default: 60, min: 0, max: 86_400 }),
    version: text('INSTEP_VERSION', { default: 'development' }),
  } satisfies Settings;
}

export interface ReadEnvironment<S extends Settings> {
  readonly config: HostConfig;
  readonly settings: SettingsOf<S>;
  /** Names that begin with `INSTEP_` and that this service does not know: perhaps misspelt, perhaps meant for another service. */
  readonly unknown: readonly string[];
}

/** All that is wrong with the environment, one line each. */
export class ConfigMistakes extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join('\n'));
    this.lines = lines;
  }
}

/** Reads the settings of the host and of the service. Throws `ConfigMistakes` with every mistake there is. */
export function readEnvironment<S extends Settings>(environment: Environment, defaultPort: number, settings: S): ReadEnvironment<S> {
  const ofHost = hostSettings(defaultPort);
  const host = readSettings(ofHost, environment);
  const own = readSettings(settings, environment);
  const known = new Set([...Object.values(ofHost), ...Object.values(settings)].map(({ name }) => name));
  const unknown = Object.keys(environment).filter((name) => name.startsWith('INSTEP_') && !known.has(name));

  const mistakes = [...host.mistakes, ...own.mistakes, ...saslMistakes(host.values, host.mistakes)];
  if (mistakes.length > 0) {
    const hint = unknown.map((name) => `${name} is not known to this service`);
    throw new ConfigMistakes([...mistakes, ...hint]);
  }
  const { brokers: _1, ssl: _2, sslCa: _3, saslMechanism: _4, saslUsername: _5, saslPassword: _6, ...rest } = host.values;
  return { config: { ...rest, kafka: kafkaConfig(host.values) }, settings: own.values, unknown };
}

/** Asked here, where the answer tells nothing: errors of those who read it later hold the whole text. */
function isAddress(given: string): boolean {
  try {
    const { username, password, pathname } = new URL(given);
    for (const part of [username, password, pathname]) decodeURIComponent(part);
    return true;
  } catch {
    return false;
  }
}

/** The value never appears in the mistake: it holds a password. */
function secretText(name: string, pattern: RegExp, like: string): Setting<string> {
  return {
    name,
    orFile: true,
    read: (given) => {
      if (given === undefined) throw new SettingMistake(`is missing (like ${like})`);
      if (!pattern.test(given)) throw new SettingMistake(`is not like ${like}`);
      if (!isAddress(given))
        throw new SettingMistake('cannot be read as an address: write special characters of user and password as %40 and the like');
      return given;
    },
  };
}

function optionalTenant(name: string): Setting<string | undefined> {
  return {
    name,
    read: (given) => {
      if (given !== undefined && !TENANT.test(given)) throw new SettingMistake('is not a tenant (small letters, digits and hyphens)');
      return given;
    },
  };
}
