import { readFileSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { topics, type ServiceName } from '@instep/contracts';
import { checkHistory } from '@instep/history';

import { backUp } from '../src/backup.ts';
import { startCompany } from '../src/company.ts';
import type { Company } from '../src/company.ts';
import { expectedOf, foundIn } from '../src/every-order-once.ts';
import { everyDatabaseRebuildsEqual } from '../src/rebuilds-equal.ts';
import { stockUp } from '../src/sample.ts';
import { startShop } from '../src/shop-load.ts';
import type { ShopLoad } from '../src/shop-load.ts';
import { until } from '../src/until.ts';

const items = ['A', 'B', 'C', 'D', 'E'];
const perItem = 100_000;
const clerks = 8;

describe('a company one of whose databases was restored to an earlier time', () => {
  let company: Company;
  let shop: ShopLoad;
  let selling = false;
  beforeAll(async () => {
    company = await startCompany();
    for (const item of items) await stockUp(company, item, String(perItem), { unitCost: '4.00' });
    shop = startShop(company, items, clerks);
    selling = true;
  }, 120_000);
  afterAll(async () => {
    if (selling) await shop.stop();
    await (company as Company | undefined)?.stop();
  }, 60_000);

  const more = async (count: number): Promise<void> => {
    const wanted = shop.acknowledged.length + count;
    await until(`${String(wanted)} orders`, () => shop.acknowledged.length >= wanted, 60_000);
  };
  const epochOf = async (service: ServiceName): Promise<number> =>
    (await company.query<{ epoch: number }>(service, 'SELECT epoch FROM relay'))[0]?.epoch ?? 0;
  const hire = async (): Promise<void> => {
    const { status } = await company.post('hr', '/employees', {
      hiredAt: '2026-01-01',
      staff: [],
      salary: '3000',
      currency: 'USD',
      commissionRate: '0.05',
      name: 'Sam Seller',
    });
    expect(status).toBe(201);
  };
  /** How many events of this department the log holds: only what is in the log shows that a database is of an earlier time. */
  const recorded = async (service: ServiceName): Promise<number> => {
    const own = Object.values(topics).filter(({ owner, sequenced }) => owner === service && sequenced);
    const bounds = (await Promise.all(own.map(({ name }) => company.log.bounds(name)))).flat();
    return bounds.reduce((sum, { next }) => sum + next, 0);
  };
  /** Further orders, of which the department has told something. Of mere orders hr tells nothing. */
  const moreToldBy = async (service: ServiceName, count: number): Promise<void> => {
    // What waits in the outbox is in the copy too.
    const waiting = (await company.query(service, 'SELECT 1 FROM outbox')).length;
    const before = await recorded(service);
    await more(count);
    if (service === 'hr') await hire();
    await until(`${service} tells more`, async () => (await recorded(service)) > before + waiting, 60_000);
  };
  const ready = (service: ServiceName): Promise<number> =>
    until(`${service} is ready`, async () => (await company.get(service, '/health/ready')).status === 200, 60_000);

  it('catches up at start: finance was stopped, and its database is the one of before', async () => {
    await more(60);
    const backup = await backUp(company, 'finance');
    await moreToldBy('finance', 120);
    const before = await epochOf('finance');
    await company.system.service('finance').stop();
    await backup.putBack();
    await (await company.system.restart('finance')).ready();
    expect(await epochOf('finance')).toBeGreaterThan(before);
    expect(logOf(company, 'finance')).toContain('the database was restored to an earlier time: catching up from the log');
    await more(60);
  }, 180_000);

  it.each(['order-intake', 'connectors'] as const)(
    'catches up after kill -9 in mid-load, from a copy that was taken in mid-load: %s',
    async (service) => {
      const kill = async (): Promise<void> => {
        const victim = company.system.service(service);
        victim.signal('SIGKILL');
        await victim.exited;
      };
      await more(60);
      await kill();
      const backup = await backUp(company, service);
      await (await company.system.restart(service)).ready();
      await moreToldBy(service, 120);
      const before = await epochOf(service);
      await kill();
      await backup.putBack();
      await (await company.system.restart(service)).ready();
      expect(await epochOf(service)).toBeGreaterThan(before);
      await more(60);
    },
    180_000,
  );

  it.each(['inventory', 'crm', 'hr'] as const)(
    'catches up without being started anew, when the database was replaced under it: %s',
    async (service) => {
      await more(60);
      const backup = await backUp(company, service);
      await ready(service);
      await moreToldBy(service, 120);
      const before = await epochOf(service);
      await backup.putBack();
      await until('a higher epoch', async () => (await epochOf(service)) > before, 60_000);
      await ready(service);
      expect(company.system.service(service).running).toBe(true);
      await more(60);
    },
    180_000,
  );

  it('has every acknowledged order once in every department', async () => {
    await shop.stop();
    selling = false;
    await company.settled(120_000);
    expect(await foundIn(company)).toEqual(expectedOf(shop, items.length * perItem));
    expect((await checkHistory(company.log)).findings).toEqual([]);
  }, 180_000);

  everyDatabaseRebuildsEqual(() => company);
});

function logOf(company: Company, service: ServiceName): string {
  return readFileSync(company.system.service(service).logFile, 'utf8');
}
