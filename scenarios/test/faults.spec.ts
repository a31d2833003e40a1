import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { serviceNames } from '@instep/contracts';
import { checkHistory } from '@instep/history';

import { childrenOf, signalAll } from '../chaos/ground/processes.ts';
import { unbalanced } from '../src/books.ts';
import { startCompany } from '../src/company.ts';
import type { Answer, Company } from '../src/company.ts';
import { violatedInvariants } from '../src/invariants.ts';
import { everyDatabaseRebuildsEqual } from '../src/rebuilds-equal.ts';
import { orderIdOf, stockUp } from '../src/sample.ts';
import { startShop } from '../src/shop-load.ts';
import type { ShopLoad } from '../src/shop-load.ts';
import { until } from '../src/until.ts';

const items = ['A', 'B', 'C', 'D', 'E'];
const perItem = 100_000;
const clerks = 8;

describe('a company under faults', () => {
  let company: Company;
  let shop: ShopLoad;
  beforeAll(async () => {
    company = await startCompany();
    for (const item of items) await stockUp(company, item, String(perItem), { unitCost: '4.00' });
  }, 120_000);
  afterAll(async () => {
    await (company as Company | undefined)?.stop();
  }, 60_000);

  const more = async (count: number): Promise<void> => {
    const wanted = shop.acknowledged.length + count;
    await until(`${String(count)} more orders are taken`, () => shop.acknowledged.length >= wanted, 60_000);
  };

  it('goes on selling while each service is killed with -9 in mid-load', async () => {
    shop = startShop(company, items, clerks);
    for (const name of serviceNames) {
      await more(60);
      const victim = company.system.service(name);
      victim.signal('SIGKILL');
      await victim.exited;
      await (await company.system.restart(name)).ready();
    }
    await more(60);
  }, 240_000);

  it('takes nothing it cannot keep while the broker is away, and goes on by itself', async () => {
    const broker = company.system.platform.parts.find(({ name }) => name === 'Kafka');
    if (!broker) throw new Error('no broker of our own');
    const refusedBefore = shop.refusals();
    process.kill(broker.pid, 'SIGSTOP');
    // The edge has said no as many times as there are clerks; what it took before, it keeps.
    await until('every clerk was refused', () => shop.refusals() >= refusedBefore + clerks, 60_000).finally(() =>
      process.kill(broker.pid, 'SIGCONT'),
    );
    await more(60);
    for (const { running } of company.system.services) expect(running).toBe(true);
  }, 120_000);

  it('waits for a database that is away, says so in readiness, and goes on by itself', async () => {
    const database = company.system.platform.parts.find(({ name }) => name === 'PostgreSQL');
    if (!database) throw new Error('no database of our own');
    const pids = [database.pid, ...childrenOf(database.pid)];
    signalAll(pids, 'SIGSTOP');
    const readiness = (): Promise<Answer<{ troubles: string[] }>> => company.get('finance', '/health/ready');
    await until('finance says so', async () => (await readiness()).body.troubles.length > 0).finally(() => signalAll(pids, 'SIGCONT'));
    await until('finance is ready again', async () => (await readiness()).status === 200, 60_000);
    await more(60);
    for (const { running } of company.system.services) expect(running).toBe(true);
  }, 150_000);

  it('has lost and doubled nothing: every acknowledged order once in every department', async () => {
    await shop.stop();
    await company.settled(120_000);
    const sold = shop.acknowledged.map(orderIdOf).sort();
    const ids = async (service: (typeof serviceNames)[number], sql: string): Promise<string[]> =>
      (await company.query<{ id: string }>(service, sql)).map(({ id }) => id);
    expect(await ids('order-intake', 'SELECT order_id AS id FROM order_summary ORDER BY order_id COLLATE "C"')).toEqual(sold);
    expect(await ids('inventory', `SELECT id FROM stream WHERE stream = 'reservation' ORDER BY id COLLATE "C"`)).toEqual(sold);
    expect(
      await ids(
        'finance',
        `SELECT order_id AS id FROM journal_line WHERE kind = 'payment' AND account = '1000' AND amount = 16.5 ORDER BY order_id COLLATE "C"`,
      ),
    ).toEqual(sold);
    expect(await ids('crm', `SELECT id FROM stream WHERE stream = 'customer'`)).toHaveLength(sold.length);
    const [totals] = await company.query<{ reserved: string; on_hand: string }>(
      'inventory',
      'SELECT sum(reserved)::text AS reserved, sum(on_hand)::text AS on_hand FROM stock_level',
    );
    expect(totals).toEqual({ reserved: String(sold.length), on_hand: String(items.length * perItem) });
    expect(await unbalanced(company)).toEqual([]);
    const parked = await Promise.all(serviceNames.map((service) => company.query(service, 'SELECT topic, key, reason FROM parked_event')));
    expect(parked.flat()).toEqual([]);
    expect((await checkHistory(company.log)).findings).toEqual([]);
  }, 180_000);

  it('has broken no invariant of any service', async () => {
    expect(await violatedInvariants(company)).toEqual([]);
  }, 120_000);

  everyDatabaseRebuildsEqual(() => company);
});
