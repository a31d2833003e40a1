import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { readEnvironment, type ConfigMistakes } from './config.ts';
import { text, type Environment } from './settings.ts';

const enough = { KAFKA_BROKERS: 'a:9092, b:9092', DATABASE_URL: 'postgres://u:p@host/db' };

function mistakesOf(environment: Environment): readonly string[] {
  try {
    readEnvironment(environment, 7003, {});
    return [];
  } catch (error) {
    return (error as ConfigMistakes).lines;
  }
}

describe('the environment', () => {
  it('needs little', () => {
    const { config, unknown } = readEnvironment(enough, 7003, {});
    expect(config).toMatchObject({
      host: '127.0.0.1',
      port: 7003,
      logLevel: 'info',
      shutdownDeadlineMs: 8_000,
      createTopics: false,
      tenants: [],
      defaultTenant: undefined,
      kafka: { brokers: ['a:9092', 'b:9092'], ssl: false, sasl: undefined },
    });
    expect(unknown).toEqual([]);
  });

  it('is told about every mistake at once', () => {
    const lines = mistakesOf({
      PORT: '99999',
      LOG_LEVEL: 'loud',
      KAFKA_BROKERS: 'nonsense',
      KAFKA_SASL_MECHANISM: 'plain',
      DATABASE_URL: 'mysql://user:secret@host/db',
      INSTEP_CREATE_TOPICS: 'yes',
      INSTEP_TENANTS: 'demo,Not A Tenant',
      INSTEP_CREATE_TOPIC: 'true',
    });
    expect(lines).toEqual([
      'PORT is "99999", not a whole number from 0 to 65535',
      'LOG_LEVEL is "loud", not one of trace, debug, info, warn, error, fatal, silent',
      'DATABASE_URL is not like postgres://user:password@host:5432/database',
      'KAFKA_BROKERS holds "nonsense", which is not like host:9092,host2:9092',
      'INSTEP_CREATE_TOPICS is "yes", not true or false',
      'INSTEP_TENANTS holds "Not A Tenant", which is not like demo,acme',
      'KAFKA_SASL_USERNAME is missing, and KAFKA_SASL_MECHANISM is plain',
      'KAFKA_SASL_PASSWORD is missing, and KAFKA_SASL_MECHANISM is plain',
      'INSTEP_CREATE_TOPIC is not known to this service',
    ]);
    expect(lines.join()).not.toContain('secret');
  });

  it.each(['postgres://user:se#cret/x@host:99999/db', 'postgres://user:sec%zzret@host/db', 'postgres://user:se/cret@host:5432/db'])(
    'does not show the password of an address that cannot be read (%#)',
    (DATABASE_URL) => {
      const lines = mistakesOf({ ...enough, DATABASE_URL });
      expect(lines).toEqual([
        'DATABASE_URL cannot be read as an address: write special characters of user and password as %40 and the like',
      ]);
    },
  );

  it('that is empty lacks only what has no default', () => {
    expect(mistakesOf({})).toEqual([
      'DATABASE_URL is missing (like postgres://user:password@host:5432/database)',
      'KAFKA_BROKERS is missing (like host:9092,host2:9092)',
    ]);
  });

  it('counts an empty variable as absent', () => {
    expect(readEnvironment({ ...enough, PORT: '', KAFKA_SSL: ' ' }, 7003, {}).config.port).toBe(7003);
  });

  it('may hold variables of other services, which are named', () => {
    const { unknown } = readEnvironment({ ...enough, INSTEP_CONNECTIONS: 'x', OTHER: 'y' }, 7003, {});
    expect(unknown).toEqual(['INSTEP_CONNECTIONS']);
  });

  it('gives a service its own settings, with their mistakes among the others', () => {
    const own = { connections: text('INSTEP_CONNECTIONS', { like: 'connections.json', pattern: /\.json$/ }) };
    expect(readEnvironment({ ...enough, INSTEP_CONNECTIONS: 'shops.json' }, 7000, own).settings.connections).toBe('shops.json');
    expect(() => readEnvironment({ ...enough, INSTEP_CONNECTIONS: 'shops' }, 7000, own)).toThrow(
      'INSTEP_CONNECTIONS is not connections.json',
    );
  });

  it('names a certificate file that cannot be read', () => {
    expect(mistakesOf({ ...enough, KAFKA_SSL_CA_FILE: '/nowhere/ca.pem' })).toEqual([
      'KAFKA_SSL_CA_FILE names a file that cannot be read (ENOENT)',
    ]);
  });
});

describe('secrets in files', () => {
  let folder: string;
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'instep-secrets-'));
  });

  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it('are read in place of the variables, without the line break at their end', () => {
    const { config, unknown } = readEnvironment(
      {
        KAFKA_BROKERS: 'a:9092',
        DATABASE_URL_FILE: file('url', 'postgres://u:from-file@host/db\n'),
        KAFKA_SASL_MECHANISM: 'scram-sha-512',
        KAFKA_SASL_USERNAME: 'instep-crm',
        KAFKA_SASL_PASSWORD_FILE: file('password', 'kept\r\n'),
      },
      7003,
      {},
    );
    expect(config.databaseUrl).toBe('postgres://u:from-file@host/db');
    expect(config.kafka.sasl?.password).toBe('kept');
    expect(unknown).toEqual([]);
  });

  it('that cannot be read, are empty or are given twice are named, their content never', () => {
    const lines = mistakesOf({
      ...enough,
      DATABASE_URL_FILE: file('second', 'postgres://u:hidden@host/db'),
      KAFKA_SASL_MECHANISM: 'plain',
      KAFKA_SASL_USERNAME: 'u',
      KAFKA_SASL_PASSWORD_FILE: join(folder, 'absent'),
    });
    expect(lines).toEqual([
      'DATABASE_URL and DATABASE_URL_FILE are both given: keep one',
      'KAFKA_SASL_PASSWORD is to come from KAFKA_SASL_PASSWORD_FILE, which names a file that cannot be read (ENOENT)',
    ]);
    expect(mistakesOf({ KAFKA_BROKERS: 'a:9092', DATABASE_URL_FILE: file('empty', '\n') })).toEqual([
      'DATABASE_URL is to come from DATABASE_URL_FILE, which names an empty file',
    ]);
    expect(mistakesOf({ KAFKA_BROKERS: 'a:9092', DATABASE_URL_FILE: file('wrong', 'mysql://u:hidden@host/db') })).toEqual([
      'DATABASE_URL is not like postgres://user:password@host:5432/database',
    ]);
  });
});
