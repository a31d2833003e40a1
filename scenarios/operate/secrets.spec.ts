import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { brokerRights, principalOf } from '@instep/access';
import { topics } from '@instep/contracts';
import { startSecureKafka, type SecureKafka } from '@instep/embedded-kafka';
import { startPostgres, type Postgres } from '@instep/embedded-postgres';
import { createTopics, grantRights, setPasswords, type KafkaConnection } from '@instep/event-log-kafka';
import { startService, toolchainDir, type Service } from '@instep/platform';
import { shopifyWebhook } from '@instep/testkit';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { freePort } from '../src/gate.ts';
import { newOrder } from '../src/sample.ts';
import { until } from '../src/until.ts';

/** Every secret that is ever given: none may be seen anywhere. */
const planted = {
  webhook: ['planted-shop-1', 'planted-shop-2'],
  database: ['planted-database-1', 'planted-database-2'],
  log: ['planted-log-1', 'planted-log-2'],
} as const;
const user = principalOf('connectors');

/** The procedures of docs/guides/operate.md, as it gives them, on one service that has all three kinds of secrets. */
describe('secrets that are rotated while a service runs', () => {
  const folder = mkdtempSync(join(tmpdir(), 'instep-secrets-'));
  const logFile = join(folder, 'connectors.log');
  const file = (name: string): string => join(folder, name);
  const seen: string[] = [];
  let kafka: SecureKafka;
  let postgres: Postgres;
  let admin: pg.Client;
  let service: Service;
  let port: number;

  beforeAll(async () => {
    port = await freePort();
    [kafka, postgres] = await Promise.all([
      startSecureKafka({ dataDir: file('kafka'), logFile: file('kafka.log'), jarsDir: join(toolchainDir, 'kafka'), principals: [user] }),
      startPostgres({ dataDir: file('postgres'), logFile: file('postgres.log'), durable: false }),
    ]);
    await createTopics(asAdmin(), Object.values(topics), { replicationFactor: 1 });
    await grantRights(asAdmin(), brokerRights());
    await setPasswords(asAdmin(), [{ principal: user, password: planted.log[0] }]);
    admin = new pg.Client({ connectionString: postgres.url });
    await admin.connect();
    await admin.query(`CREATE ROLE connectors LOGIN PASSWORD '${planted.database[0]}'`);
    await admin.query('CREATE DATABASE connectors OWNER connectors');
    writeFileSync(
      join(file('postgres'), 'cluster', 'pg_hba.conf'),
      'host all postgres 127.0.0.1/32 trust\nhost all all 127.0.0.1/32 scram-sha-256\n',
    );
    await admin.query('SELECT pg_reload_conf()');
    shopHas(planted.webhook[0]);
    databaseHas(planted.database[0]);
    logHas(planted.log[0]);
    await restart();
  }, 180_000);
  afterAll(async () => {
    await (service as Service | undefined)?.stop();
    await (admin as pg.Client | undefined)?.end();
    await Promise.all([(kafka as SecureKafka | undefined)?.stop(), (postgres as Postgres | undefined)?.stop()]);
    rmSync(folder, { recursive: true, force: true });
  }, 60_000);

  function asAdmin(): KafkaConnection {
    const { username, password } = kafka.administrator;
    return {
      brokers: [kafka.brokers],
      clientId: 'operate',
      ssl: { ca: [kafka.certificate] },
      sasl: { mechanism: 'scram-sha-512', username, password },
    };
  }

  function shopHas(secret: string, previous?: string): void {
    writeFileSync(file('shop'), secret);
    writeFileSync(file('shop-before'), previous ?? '-');
    const before = previous === undefined ? {} : { previousSecret: `file:${file('shop-before')}` };
    const shop = { id: 'shop', tenant: 'demo', vendor: 'shopify', secret: `file:${file('shop')}`, ...before };
    writeFileSync(file('connections.json'), JSON.stringify({ connections: [shop] }));
  }
  function databaseHas(password: string): void {
    writeFileSync(file('database-url'), `postgres://connectors:${password}@127.0.0.1:${String(postgres.port)}/connectors\n`);
  }
  function logHas(password: string): void {
    writeFileSync(file('log-password'), `${password}\n`);
  }

  async function started(): Promise<void> {
    service = await startService({
      name: 'connectors',
      port,
      brokers: kafka.brokers,
      databaseUrl: '',
      logFile,
      environment: {
        LOG_LEVEL: 'debug',
        DATABASE_URL_FILE: file('database-url'),
        INSTEP_CONNECTIONS: file('connections.json'),
        INSTEP_CREATE_TOPICS: 'false',
        KAFKA_SSL_CA_FILE: kafka.certificateFile,
        KAFKA_SASL_MECHANISM: 'scram-sha-512',
        KAFKA_SASL_USERNAME: user,
        KAFKA_SASL_PASSWORD_FILE: file('log-password'),
      },
    });
  }
  async function restart(): Promise<void> {
    await (service as Service | undefined)?.stop();
    await started();
    await service.ready();
    await lookAround();
  }

  /** What somebody sees who looks at the machine or asks the service. */
  async function lookAround(): Promise<void> {
    seen.push(execFileSync('ps', ['axww', '-o', 'args']).toString(), readFileSync(`/proc/${String(service.pid)}/environ`, 'utf8'));
    for (const path of ['/metrics', '/health/ready', '/health/live', '/openapi.json', '/parked', '/invariants', '/nowhere'])
      seen.push(await (await fetch(`${service.url}${path}`)).text());
  }

  async function sentWith(secret: string): Promise<number> {
    const body = newOrder({ lines: [{ sku: 'A', price: '2.00' }] }).body();
    const webhook = shopifyWebhook({ topic: 'orders/create', body, secret });
    const answer = await fetch(`${service.url}/webhooks/shopify/shop`, { method: 'POST', headers: webhook.headers, body: webhook.body });
    seen.push(await answer.text());
    return answer.status;
  }

  /** A webhook goes in, and its report goes out: broker and database are both used. */
  async function expectWorking(secret: string): Promise<void> {
    const reported = async (): Promise<number> =>
      Number(/^instep_department_total\{what="eventsRelayed"\S* (\d+)$/m.exec(await (await fetch(`${service.url}/metrics`)).text())?.[1]);
    const before = await reported();
    expect(await sentWith(secret)).toBe(200);
    await until('the report is in the log', async () => (await reported()) > before);
  }

  it('takes two secrets of a shop until the old one is taken away', async () => {
    const [old, fresh] = planted.webhook;
    await expectWorking(old);
    expect(await sentWith(fresh)).toBe(401);
    shopHas(fresh, old);
    await restart();
    expect([await sentWith(old), await sentWith(fresh)]).toEqual([200, 200]);
    shopHas(fresh);
    await restart();
    expect([await sentWith(old), await sentWith(fresh)]).toEqual([401, 200]);
  }, 120_000);

  it('goes on with its sessions when the password of the database changes, and takes the new one at its next start', async () => {
    await admin.query(`ALTER ROLE connectors PASSWORD '${planted.database[1]}'`);
    await expectWorking(planted.webhook[1]);
    await service.stop();
    await started();
    await until('it says that it waits', async () =>
      /password authentication failed/.test(await (await fetch(`${service.url}/health/ready`)).text()),
    );
    await lookAround();
    databaseHas(planted.database[1]);
    await restart();
    await expectWorking(planted.webhook[1]);
  }, 120_000);

  it('goes on with its connections when the password of the log changes, and takes the new one at its next start', async () => {
    await setPasswords(asAdmin(), [{ principal: user, password: planted.log[1] }]);
    await expectWorking(planted.webhook[1]);
    logHas(planted.log[1]);
    await restart();
    await expectWorking(planted.webhook[1]);
  }, 120_000);

  it('has shown none of them: not in its log, its answers, the list of processes or its environment', () => {
    seen.push(readFileSync(logFile, 'utf8'));
    const all = seen.join('\n');
    expect(all).toContain('KAFKA_SASL_PASSWORD_FILE');
    expect(all).toContain('instep_invariants_watching');
    for (const secret of Object.values(planted).flat()) expect(all.includes(secret)).toBe(false);
  });
});
