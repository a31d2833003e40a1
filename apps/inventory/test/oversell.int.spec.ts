import { testHost } from '@instep/service-host';
import type { TestHost } from '@instep/service-host';
import { toldLog, until } from '@instep/testkit/department';
import { freshSchema, requestsOf } from '@instep/testkit/service';
import type { FreshSchema } from '@instep/testkit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { ItemEvent, ItemState } from '../src/domain/item/item.ts';
import { itemStream } from '../src/domain/item/item.ts';
import type { ReservationEvent } from '../src/domain/reservation/reservation-event.ts';
import type { ReservationState } from '../src/domain/reservation/reservation.ts';
import { reservationStream } from '../src/domain/reservation/reservation.ts';
import { stockFaults } from '../src/domain/stock-account.ts';
import { service } from '../src/inventory.module.ts';
import { placed } from './order-events.ts';

const { log, tell, eventsOf } = toldLog();
const hosts: TestHost[] = [];
let schema: FreshSchema;

beforeAll(async () => {
  schema = await freshSchema(service);
  for (let count = 0; count < 2; count += 1)
    hosts.push(await testHost(service, { log, store: schema.newStore(), dataSource: schema.source }));
});

afterAll(async () => {
  for (const host of hosts) await host.close();
  await log.close();
  await schema.drop();
});

/** Asks one process, the first or the second. */
async function post(process: number, path: string, payload: object): Promise<void> {
  const host = hosts[process % 2];
  if (!host) throw new Error('there are two processes');
  expect((await requestsOf(host).send('POST', path, payload)).status).toBe(201);
}

async function states<State>(stream: string): Promise<Map<string, State>> {
  const rows = await schema.source.query<{ id: string; state: State }[]>('SELECT id, state FROM stream WHERE stream = $1', [stream]);
  return new Map(rows.map(({ id, state }) => [id, state]));
}

const orders = 300;

describe('two processes of inventory on one database', () => {
  it('sell 120 pieces to exactly 120 of 300 buyers while these come in', async () => {
    await post(0, '/items', { item: 'TEA', title: 'Tea' });
    const buying = Array.from({ length: orders }, (_, n) => {
      const orderId = `sample:${String(n)}`;
      return tell(placed([{ lineId: '1', item: 'TEA', quantity: '1' }], { orderId }));
    });
    const receiving = Array.from({ length: 12 }, (_, n) =>
      post(n, '/receipts', { item: 'TEA', location: n % 3 === 0 ? 'A' : 'B', quantity: '10', unitCost: '1' }),
    );
    await Promise.all([...buying, ...receiving]);
    await until('every order has an answer', async () => (await states(reservationStream.name)).size === orders);
    const items = await states<ItemState>(itemStream.name);
    const reservations = await states<ReservationState>(reservationStream.name);
    const served = [...reservations.values()].filter(({ complete }) => complete);
    expect(served).toHaveLength(120);
    expect(items.get('TEA')?.waiting).toHaveLength(orders - 120);

    await until('all is announced', async () => {
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
