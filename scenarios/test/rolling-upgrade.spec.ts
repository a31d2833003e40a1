import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics, type ServiceName } from '@instep/contracts';
import type { Service } from '@instep/platform';

import { startCompany } from '../src/company.ts';
import type { Company } from '../src/company.ts';
import { expectedOf, foundIn } from '../src/every-order-once.ts';
import { violatedInvariants } from '../src/invariants.ts';
import { nextRelease, thisRelease } from '../src/next-release/next-release.ts';
import { migrateAs, partitionsOf, replicasOf, type Replicas } from '../src/next-release/replicas.ts';
import { operate } from '../src/operator.ts';
import { rebuildOf } from '../src/rebuild.ts';
import { stockUp } from '../src/sample.ts';
import { startShop } from '../src/shop-load.ts';
import type { ShopLoad } from '../src/shop-load.ts';
import { until } from '../src/until.ts';

const items = ['A', 'B', 'C'];
const perItem = 100_000;
const clerks = 1;
const readers: readonly ServiceName[] = ['inventory', 'crm', 'hr'];
const changed = ['order-intake', 'finance'] as const;

describe('a company that is rolled from one release to the next while it sells', () => {
  let company: Company;
  let shop: ShopLoad;
  let intake: Replicas;
  let finance: Replicas;
  let inventory: Replicas;
  let others: readonly Replicas[];
  const logDir = mkdtempSync(join(tmpdir(), 'instep-rolling-'));
  beforeAll(async () => {
    company = await startCompany();
    await Promise.all(items.map((item) => stockUp(company, item, String(perItem))));
    intake = replicasOf(company, 'order-intake', logDir);
    finance = replicasOf(company, 'finance', logDir);
    inventory = replicasOf(company, 'inventory', logDir);
    others = [inventory, replicasOf(company, 'crm', logDir), replicasOf(company, 'hr', logDir)];
    await intake.replaceSecond(thisRelease);
    shop = startShop(company, items, clerks);
  }, 120_000);
  afterAll(async () => {
    await (shop as ShopLoad | undefined)?.stop();
    for (const replicas of [intake, finance] as (Replicas | undefined)[]) await replicas?.stop();
    await (company as Company | undefined)?.stop();
    rmSync(logDir, { recursive: true, force: true });
  }, 120_000);

  async function sell(count: number): Promise<void> {
    const target = shop.acknowledged.length + count;
    await until(`${String(count)} more orders`, () => shop.acknowledged.length >= target, 60_000);
  }

  /** Both replicas work side by side for a while, each on partitions of its own. */
  async function sideBySide({ name, second }: Replicas, topic: keyof typeof topics): Promise<void> {
    await until(`both replicas of ${name} have partitions of ${topic}`, async () => {
      const other = second();
      const shares = [await partitionsOf(company.system.service(name), topic), other ? await partitionsOf(other, topic) : 0];
      return Math.min(...shares) > 0 && shares.reduce((all, share) => all + share) === topics[topic].partitions;
    });
    await sell(40);
  }

  async function codesParkedAt(service: ServiceName): Promise<readonly string[]> {
    return (await company.query<{ code: string }>(service, 'SELECT DISTINCT code FROM parked_event ORDER BY code')).map(({ code }) => code);
  }

  async function troublesOf(service: Service | undefined): Promise<readonly string[]> {
    if (service === undefined) return [];
    const answer = await fetch(`${service.url}/health/ready`).catch(() => undefined);
    return answer === undefined ? [] : ((await answer.json()) as { troubles: readonly string[] }).troubles;
  }

  async function deliveriesIn(service: ServiceName, table: string): Promise<Record<string, number>> {
    const rows = await company.query<{ delivery: string; count: number }>(
      service,
      `SELECT delivery, count(*)::int AS count FROM ${table} GROUP BY delivery`,
    );
    return Object.fromEntries(rows.map(({ delivery, count }) => [delivery, count]));
  }

  /** Resolves when the service has read the topic of orders to where it ends now. */
  async function readsUpToNow(service: ServiceName): Promise<void> {
    const ends = await company.log.bounds('orders');
    await until(`${service} has come to where the topic of orders ended`, async () => {
      const rows = await company.query<{ partition: number; next: string }>(
        service,
        `SELECT partition, next_offset::text AS next FROM position WHERE topic = 'orders'`,
      );
      return ends.every(({ partition, next }) => next === 0 || rows.some((row) => row.partition === partition && Number(row.next) >= next));
    });
  }

  it('grows the tables under the older release, which goes on writing and starts again on them', async () => {
    const ready = finance.replaceSecond(nextRelease);
    await until('the newer replica says what it waits for', async () => (await troublesOf(finance.second())).length > 0);
    expect(await troublesOf(finance.second())).toEqual([
      'The database cannot be used: its tables lack the migrations AddDelivery1799999999000: run the service once with the argument "migrate"',
    ]);
    const migrated = await Promise.all(changed.map((name) => migrateAs(company, name, nextRelease)));
    expect(migrated.map(({ code, output }) => [code, output.includes('AddDelivery1799999999000')])).toEqual(changed.map(() => [0, true]));
    await ready;
    // The older release's job may run late: it finds nothing to do. Its replicas find all that they need.
    expect((await migrateAs(company, 'finance', thisRelease)).code).toBe(0);
    await finance.replaceFirst(thisRelease);
  }, 120_000);

  it('has new consumers understand old producers', async () => {
    await sideBySide(finance, 'orders');
    await finance.replaceFirst(nextRelease);
    await sell(20);
    expect(await codesParkedAt('finance')).toEqual([]);
    expect(Object.keys(await deliveriesIn('finance', 'order_facts'))).toEqual(['standard']);
  }, 120_000);

  it('lets what old consumers cannot read yet wait, and go on by itself once they are replaced', async () => {
    await intake.replaceSecond(nextRelease);
    await sideBySide(intake, 'channels');
    expect(Object.keys(await deliveriesIn('order-intake', 'order_summary')).sort()).toEqual(['express', 'standard']);
    await until('old readers have parked what they cannot read, and what follows it', async () => {
      const codes = await Promise.all(readers.map(codesParkedAt));
      return codes.every((each) => each.join() === 'contract/unknown-version,follows');
    });
    await Promise.all([intake, ...others].map((replicas) => replicas.replaceFirst(nextRelease)));
    await until('nothing is parked', async () => (await Promise.all(readers.map(codesParkedAt))).flat().length === 0);
    await sell(20);
    expect((await Promise.all(readers.map(codesParkedAt))).flat()).toEqual([]);
  }, 180_000);

  it('goes back one release, producers first, with nothing left waiting', async () => {
    await intake.replaceSecond(thisRelease);
    await sideBySide(intake, 'channels');
    await intake.replaceFirst(thisRelease);
    await until('the last newer event is sent', async () => {
      const newer = `SELECT count(*)::int AS count FROM outbox WHERE position('order.placed/2' IN value) > 0`;
      return (await company.query<{ count: number }>('order-intake', newer))[0]?.count === 0;
    });
    await Promise.all((['finance', 'inventory'] as const).map(readsUpToNow));
    await Promise.all([finance.replaceSecond(thisRelease), inventory.replaceFirst(thisRelease)]);
    await sideBySide(finance, 'orders');
    await finance.replaceFirst(thisRelease);
    await sell(20);
    expect([...(await codesParkedAt('finance')), ...(await codesParkedAt('inventory'))]).toEqual([]);
  }, 180_000);

  it('has lost, doubled and unbalanced nothing, and every department can tell it from the log', async () => {
    await shop.stop();
    await company.settled();
    expect(await foundIn(company)).toEqual(expectedOf(shop, items.length * perItem));
    // Of several replicas one checks the invariants: the company asks its own.
    await Promise.all([intake.stop(), finance.stop()]);
    expect(await violatedInvariants(company)).toEqual([]);
    const verified = await operate(company, ['verify'], nextRelease);
    expect({ code: verified.code, said: verified.code === 0 ? '' : verified.stdout + verified.stderr }).toEqual({ code: 0, said: '' });
    expect(await deliveriesIn('finance', 'order_facts')).toEqual(await deliveriesIn('order-intake', 'order_summary'));
    // Rows that both releases wrote are what the newer one makes of the whole log.
    for (const name of changed) {
      const { code, output } = await rebuildOf(company, name, nextRelease);
      expect({ code, output: code === 0 ? '' : output }).toEqual({ code: 0, output: '' });
    }
    process.stdout.write(
      `${String(shop.acknowledged.length)} orders, deliveries ${JSON.stringify(await deliveriesIn('finance', 'order_facts'))}\n`,
    );
  }, 120_000);
});
