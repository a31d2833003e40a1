import { randomUUID } from 'node:crypto';

import { dataSource, migrate, postgresStore } from '@instep/postgres';
import type { TestHost } from '@instep/service-host';
import { testHost } from '@instep/service-host';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { entities, migrations } from '../src/adapters/postgres/index.ts';
import type { ItemEvent, ItemState } from '../src/domain/item/item.ts';
import { itemStream } from '../src/domain/item/item.ts';
import type { ReservationEvent } from '../src/domain/reservation/reservation-event.ts';
import type { ReservationState } from '../src/domain/reservation/reservation.ts';
import { reservationStream } from '../src/domain/reservation/reservation.ts';
import { stockFaults } from '../src/domain/stock-account.ts';
import { service } from '../src/inventory.module.ts';
import { placed } from './order-events.ts';
import { toldLog } from './told-log.ts';

const url = process.env['DATABASE_URL'];
if (url === undefined) throw new Error('these tests need a PostgreSQL: set DATABASE_URL');

const connection = { url, service: 'inventory', schema: `oversell_${randomUUID().replaceAll('-', '')}` };
const source = dataSource({ ...connection, entities, migrations });
const stores = [1, 2].map(() => postgresStore({ ...connection, tables: entities }));
const { log, tell, eventsOf } = toldLog();
const hosts: TestHost[] = [];

beforeAll(async () => {
  await migrate(source);
  for (const store of stores) hosts.push(await testHost(service, { log, store, dataSource: source }));
});

afterAll(async () => {
  for (const host of hosts) await host.close();
  for (const store of stores) await store.close();
  await source.query(`DROP SCHEMA ${connection.schema} CASCADE`);
  await source.destroy();
  await log.close();
});

async function post(host: TestHost | undefined, path: string, payload: object): Promise<void> {
  const answer = await host?.inject({
    method: 'POST',
    url: path,
    headers: { 'x-tenant': 'demo', 'idempotency-key': randomUUID() },
    payload,
  });
  expect(answer?.statusCode).toBe(201);
}

async function states<State>(stream: string): Promise<Map<string, State>> {
  const rows = await source.query<{ id: string; state: State }[]>('SELECT id, state FROM stream WHERE stream = $1', [stream]);
  return new Map(rows.map(({ id, state }) => [id, state]));
}

async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 25_000; !(await holds());) {
    if (Date.now() > deadline) throw new Error('it did not happen in time');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const orders = 300;

describe('two processes of inventory on one database', () => {
  it('sell 120 pieces to exactly 120 of 300 buyers while these come in', async () => {
    await post(hosts[0], '/items', { item: 'TEA', title: 'Tea' });
    const buying = Array.from({ length: orders }, (_, n) => {
      const orderId = `sample:${String(n)}`;
      return tell('order.placed', orderId, placed([{ lineId: '1', item: 'TEA', quantity: '1' }], { orderId }).data);
    });
    const receiving = Array.from({ length: 12 }, (_, n) =>
      post(hosts[n % 2], '/receipts', { item: 'TEA', location: n % 3 === 0 ? 'A' : 'B', quantity: '10', unitCost: '1' }),
    );
    await Promise.all([...buying, ...receiving]);
    await until(async () => (await states(reservationStream.name)).size === orders);
    const items = await states<ItemState>(itemStream.name);
    const reservations = await states<ReservationState>(reservationStream.name);
    const served = [...reservations.values()].filter(({ complete }) => complete);
    expect(served).toHaveLength(120);
    expect(items.get('TEA')?.waiting).toHaveLength(orders - 120);

    await until(async () => {
      const told = await eventsOf('inventory');
      return (
        told.filter((event) => event.type === 'stock.reserved').length === 120 &&
        told.filter((event) => event.type === 'stock.short').length >= orders - 120
      );
    });
    const stockEvents = (await eventsOf('inventory')).filter(({ type }) => /^(?:stock|item)\./.test(type)) as unknown as (
      ItemEvent | ReservationEvent
    )[];
    expect(stockFaults(stockEvents, { items, reservations })).toEqual([]);
  });
});
