import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import { principalOf } from '@instep/access';
import { serviceNames } from '@instep/contracts';
import { parse } from 'yaml';

import { accessFile } from './access-file.ts';

interface Service {
  readonly image: string;
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string | number>>;
  readonly secrets?: readonly string[];
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly build?: { readonly args: Readonly<Record<string, string>> };
  readonly healthcheck?: unknown;
  readonly profiles?: readonly string[];
}

const jobs: readonly string[] = ['topics', 'access'];
const root = fileURLToPath(new URL('../../../', import.meta.url));
const { services, secrets } = parse(readFileSync(`${root}docker-compose.yml`, 'utf8'), { merge: true }) as {
  services: Readonly<Record<string, Service>>;
  secrets: Readonly<Record<string, { readonly file: string }>>;
};

describe('docker-compose.yml', () => {
  it.each(serviceNames)('runs %s closed in, with its own database and its own secret', (name) => {
    const service = services[name];
    expect(service).toMatchObject({
      image: `localhost/instep/${name}:dev`,
      read_only: true,
      cap_drop: ['ALL'],
      build: { args: { SERVICE: name } },
    });
    expect(service?.secrets).toEqual([`${name}-log-password`, `${name}-database-url`]);
    expect(service?.environment).toMatchObject({ DATABASE_URL_FILE: `/run/secrets/${name}-database-url`, INSTEP_CREATE_TOPICS: 'false' });
    expect(service?.environment).toMatchObject({
      KAFKA_SASL_MECHANISM: 'scram-sha-512',
      KAFKA_SASL_USERNAME: principalOf(name),
      KAFKA_SASL_PASSWORD_FILE: `/run/secrets/${name}-log-password`,
    });
    const role = name.replaceAll('-', '_');
    const address = readFileSync(`${root}${secrets[`${name}-database-url`]?.file ?? ''}`, 'utf8').trim();
    expect(address).toMatch(new RegExp(`^postgres://${role}:[^@]+@postgres:5432/${role}$`));
  });

  it('names whole images of one version, and reaches no further than this machine', () => {
    for (const [name, { image, ports = [] }] of Object.entries(services)) {
      expect({ name, image }).toEqual({
        name,
        image: expect.stringMatching(/^(?:localhost|docker\.io|ghcr\.io)\/[^:]+:(?!latest$)[^:]+$/),
      });
      for (const port of ports) expect({ name, port }).toEqual({ name, port: expect.stringMatching(/^127\.0\.0\.1:/) });
    }
  });

  it('hands over no password as a variable', () => {
    for (const [name, { environment = {} }] of Object.entries(services)) {
      const shown = Object.entries(environment).filter(
        ([variable, value]) => /PASSWORD$|SECRET$|TOKEN$/.test(variable) || /:\/\/[^/]*:[^/]*@/.test(String(value)),
      );
      expect({ name, shown }).toEqual({ name, shown: [] });
    }
  });

  it('keeps the log for ever', () => {
    expect(services['kafka']?.environment).toMatchObject({
      KAFKA_LOG_RETENTION_MS: -1,
      KAFKA_LOG_RETENTION_BYTES: -1,
      KAFKA_AUTO_CREATE_TOPICS_ENABLE: 'false',
      KAFKA_DELETE_TOPIC_ENABLE: 'false',
    });
  });

  it('lets nobody speak to the log without a password, and grants exactly what was rendered', () => {
    const { environment = {} } = services['kafka'] ?? {};
    expect(String(environment['KAFKA_LISTENER_SECURITY_PROTOCOL_MAP'])).not.toMatch(/:(?:PLAINTEXT|SSL)(?:,|$)/);
    expect(environment).toMatchObject({
      KAFKA_AUTHORIZER_CLASS_NAME: 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
      KAFKA_SUPER_USERS: 'User:admin',
    });
    expect(readFileSync(`${root}infra/docker/access.json`, 'utf8')).toBe(accessFile());
    const entries = JSON.parse(accessFile()) as readonly {
      readonly passwordFile: string;
      readonly rights: readonly { operation: string }[];
    }[];
    const given = services['access']?.secrets ?? [];
    expect(entries.map(({ passwordFile }) => passwordFile.slice('/run/secrets/'.length)).filter((name) => !given.includes(name))).toEqual(
      [],
    );
    const ofTools = entries.slice(serviceNames.length).flatMap(({ rights }) => rights);
    expect(ofTools.filter(({ operation }) => !['Read', 'Describe', 'DescribeConfigs'].includes(operation))).toEqual([]);
  });

  it('takes the password of the administrator from a file without a line break, as the broker does', () => {
    expect(readFileSync(`${root}${secrets['admin-log-password']?.file ?? ''}`, 'utf8')).toMatch(/^\S+$/);
  });

  it('asks every container that stays whether it is well', () => {
    const unasked = Object.entries(services).filter(
      ([name, { healthcheck, profiles }]) => !healthcheck && !profiles && !jobs.includes(name),
    );
    expect(unasked.map(([name]) => name)).toEqual([]);
  });
});
