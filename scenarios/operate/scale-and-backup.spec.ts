import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { topics } from '@instep/contracts';
import { kafkaTool } from '@instep/embedded-kafka';
import { startService, toolchainDir, type Service } from '@instep/platform';
import { afterAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { unbalanced } from '../src/books.ts';
import { companyOnSite } from '../src/company-on-site.ts';
import { freePort } from '../src/gate.ts';
import { operate } from '../src/operator.ts';
import { rebuildOf } from '../src/rebuild.ts';
import { newOrder } from '../src/sample.ts';
import { until } from '../src/until.ts';

/** The procedures of docs/guides/operate.md, as it gives them. */
describe('a company in operation', () => {
  const more: Service[] = [];
  afterAll(async () => {
    await Promise.all(more.map((service) => service.stop()));
  }, 60_000);
  // After the hook above: those services end while their platform is there.
  const place = companyOnSite();

  const sell = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      const order = newOrder({ lines: [{ sku: 'A', price: '2.00' }] }).paid('2026-03-01T10:05:00Z');
      expect(await place.company.webhook('orders/create', order.body())).toBe(200);
    }
    await place.company.settled();
  };
  const booked = async (): Promise<number> =>
    (await place.company.query('finance', `SELECT DISTINCT order_id FROM journal_line WHERE kind = 'payment'`)).length;

  /** As pg_basebackup does it, by the same functions: a copy of the files of a server that goes on. */
  async function baseBackup(into: string): Promise<void> {
    const client = new pg.Client({ connectionString: place.site.platform.databaseUrl });
    await client.connect();
    try {
      await client.query(`SELECT pg_backup_start('nightly', fast => true)`);
      execFileSync('cp', ['-a', place.site.databaseFiles, into]);
      const { rows } = await client.query<{ labelfile: string }>('SELECT labelfile FROM pg_backup_stop(wait_for_archive => false)');
      writeFileSync(join(into, 'backup_label'), rows[0]?.labelfile ?? '');
      rmSync(join(into, 'postmaster.pid'), { force: true });
      execFileSync('cp', ['-a', `${place.site.databaseFiles}/pg_wal/.`, join(into, 'pg_wal')]);
    } finally {
      await client.end();
    }
  }

  it('has its databases back from a copy that was taken while it worked, and what came after it from the log', async () => {
    await sell(5);
    const copy = join(place.folder, 'nightly');
    await baseBackup(copy);
    await sell(5);
    await place.site.loseDatabases((files) => execFileSync('cp', ['-a', copy, files]));
    for (const { name, running } of place.company.system.services) expect([name, running]).toEqual([name, true]);
    const ready = async (name: Service['name']): Promise<boolean> => (await place.company.get(name, '/health/ready')).status === 200;
    for (const { name } of place.company.system.services) await until(`${name} is ready`, () => ready(name), 60_000);
    await sell(1);
    expect(await booked()).toBe(11);
    expect(await unbalanced(place.company)).toEqual([]);
    expect((await operate(place.company, ['verify'])).code).toBe(0);
    expect(readFileSync(place.company.system.service('finance').logFile, 'utf8')).toContain(
      'restored to an earlier time: catching up from the log',
    );
    expect((await rebuildOf(place.company, 'finance')).output).toContain('equal, row for row');
  }, 240_000);

  it('shares the partitions of a service among its instances; those beyond the partitions stand by and take over', async () => {
    const lines = async ({ url }: Service): Promise<number> =>
      (await (await fetch(`${url}/metrics`)).text())
        .split('\n')
        .filter((line) => line.startsWith('instep_consumer_lag_events{topic="orders"')).length;
    const first = place.company.system.service('inventory');
    for (let n = 0; n < topics.orders.partitions; n += 1) {
      const started = await startService({
        name: 'inventory',
        port: await freePort(),
        brokers: place.site.platform.brokers,
        databaseUrl: place.company.system.databaseOf('inventory'),
        logFile: join(place.folder, `inventory-${String(n)}.log`),
      });
      more.push(started);
      await started.ready();
    }
    const all = [first, ...more];
    const shares = async (): Promise<number[]> => (await Promise.all(all.map(lines))).toSorted((a, b) => a - b);
    await until('each has one, and one stands by', async () => (await shares()).join() === '0,1,1,1', 60_000);
    await sell(5);
    const before = await booked();
    await Promise.all(more.splice(0, 2).map((service) => service.stop()));
    await sell(5);
    expect(await booked()).toBe(before + 5);
    expect((await operate(place.company, ['verify'])).code).toBe(0);
  }, 240_000);

  it('says what is wrong when somebody gives a topic more partitions, and no service starts on it', async () => {
    await kafkaTool('kafka-topics', ['--alter', '--topic', 'finance', '--partitions', '4'], {
      jarsDir: join(toolchainDir, 'kafka'),
      brokers: place.site.platform.brokers,
    });
    const verified = await operate(place.company, ['topics', '--verify']);
    expect(verified).toMatchObject({ code: 1, stdout: expect.stringContaining('finance') });
    await place.company.system.service('finance').stop();
    const finance = await place.company.system.restart('finance');
    const readiness = async (): Promise<string> => (await fetch(`${finance.url}/health/ready`)).text();
    await until('it says what it waits for', async () => (await readiness()).includes('finance: has 4 partitions, not 3'));
  }, 120_000);
});
