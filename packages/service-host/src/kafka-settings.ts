import type { KafkaConnection } from '@instep/event-log-kafka';

import {
  fileContent,
  flag,
  list,
  oneOf,
  optionalSecret,
  optionalText,
  readSettings,
  type Environment,
  type Setting,
  type Settings,
  type SettingsOf,
} from './settings.ts';

/** How a process reaches the brokers. */
export interface KafkaConfig {
  readonly brokers: readonly string[];
  readonly ssl: boolean | { readonly ca: string };
  readonly sasl: { readonly mechanism: SaslMechanism; readonly username: string; readonly password: string } | undefined;
}

export type SaslMechanism = 'plain' | 'scram-sha-256' | 'scram-sha-512';

/** The variables that say how, the same for every process that speaks to the log. */
export const kafkaSettings = {
  brokers: list('KAFKA_BROKERS', {
    required: true,
    pattern: /^[^\s:]+:\d{1,5}$|^\[[0-9a-f:]+\]:\d{1,5}$/i,
    like: 'host:9092,host2:9092',
  }),
  ssl: flag('KAFKA_SSL', false),
  sslCa: fileText('KAFKA_SSL_CA_FILE'),
  saslMechanism: oneOf('KAFKA_SASL_MECHANISM', ['none', 'plain', 'scram-sha-256', 'scram-sha-512'], 'none'),
  saslUsername: optionalText('KAFKA_SASL_USERNAME'),
  saslPassword: optionalSecret('KAFKA_SASL_PASSWORD'),
} satisfies Settings;

/** Reads them from the environment. `config` is undefined when there are mistakes. */
export function readKafka(environment: Environment): { readonly config: KafkaConfig | undefined; readonly mistakes: readonly string[] } {
  const { values, mistakes } = readSettings(kafkaSettings, environment);
  const all = [...mistakes, ...saslMistakes(values, mistakes)];
  return { config: all.length > 0 ? undefined : kafkaConfig(values), mistakes: all };
}

/** What only shows when the variables are read together. */
export function saslMistakes(
  { saslMechanism, saslUsername, saslPassword }: Partial<SettingsOf<typeof kafkaSettings>>,
  known: readonly string[],
): readonly string[] {
  if (saslMechanism === undefined || saslMechanism === 'none') return [];
  const wanted = `and KAFKA_SASL_MECHANISM is ${saslMechanism}`;
  const told = known.some((mistake) => mistake.startsWith('KAFKA_SASL_PASSWORD '));
  return [
    ...(saslUsername === undefined ? [`KAFKA_SASL_USERNAME is missing, ${wanted}`] : []),
    ...(saslPassword === undefined && !told ? [`KAFKA_SASL_PASSWORD is missing, ${wanted}`] : []),
  ];
}

export function kafkaConfig({
  brokers,
  ssl,
  sslCa,
  saslMechanism,
  saslUsername,
  saslPassword,
}: SettingsOf<typeof kafkaSettings>): KafkaConfig {
  const sasl =
    saslMechanism !== 'none' && saslUsername !== undefined && saslPassword !== undefined
      ? { mechanism: saslMechanism, username: saslUsername, password: saslPassword }
      : undefined;
  return { brokers, ssl: sslCa === undefined ? ssl : { ca: sslCa }, sasl };
}

export function connectionOf({ brokers, ssl, sasl }: KafkaConfig, clientId: string): KafkaConnection {
  return {
    brokers,
    clientId,
    ...(ssl !== false && { ssl: ssl === true ? true : { ca: [ssl.ca] } }),
    ...(sasl && { sasl }),
  };
}

function fileText(name: string): Setting<string | undefined> {
  return { name, read: (path) => (path === undefined ? undefined : fileContent(path)) };
}
