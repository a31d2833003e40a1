import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import { serviceNames } from '@instep/contracts';
import { parse } from 'yaml';

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
    expect(service?.secrets).toEqual([`${name}-database-url`]);
    expect(service?.environment).toMatchObject({ DATABASE_URL_FILE: `/run/secrets/${name}-database-url`, INSTEP_CREATE_TOPICS: 'false' });
    const role = name.replaceAll('-', '_');
    const address = readFileSync(`${root}${secrets[`${name}-database-url`]?.file ?? ''}`, 'utf8').trim();
    expect(address).toMatch(new RegExp(`^postgres://${role}:[^@]+@postgres:5432/${role}$`));
  });

  it('names whole images of one version, and reaches no further than this machine', () => {
    for (const [name, { image, ports = [] }] of Object.entries(services)) {
      expect({ name, image }).toEqual({ name, image: expect.stringMatching(/^(?:localhost|docker\.io)\/[^:]+:(?!latest$)[^:]+$/) });
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

  it('asks every container that stays whether it is well', () => {
    const unasked = Object.entries(services).filter(([name, { healthcheck, profiles }]) => !healthcheck && !profiles && name !== 'topics');
    expect(unasked.map(([name]) => name)).toEqual([]);
  });
});
