import { randomUUID } from 'node:crypto';

import { topics } from '@instep/contracts';
import { inMemoryLog } from '@instep/event-log';
import type { PostgresStore } from '@instep/postgres';
import { dataSource, migrate, postgresStore, schemaDrift } from '@instep/postgres';
import type { TestHost } from '@instep/service-host';
import { testHost } from '@instep/service-host';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { entities, migrations } from '../src/adapters/postgres/index.ts';
import { service } from '../src/order-intake.module.ts';

const url = process.env['DATABASE_URL'];
if (url === undefined) throw new Error('these tests need a PostgreSQL: set DATABASE_URL');

const connection = { url, service: 'order-intake', schema: `orders_${randomUUID().replaceAll('-', '')}` };
const source = dataSource({ ...connection, entities, migrations });
const partitions = Object.fromEntries(Object.values(topics).map(({ name, partitions: count }) => [name, count]));

let store: PostgresStore;
let host: TestHost;
let keys = 0;

beforeAll(async () => {
  await migrate(source);
  store = postgresStore({ ...connection, tables: entities });
  host = await testHost(service, { log: inMemoryLog({ topics: partitions }), store, dataSource: source });
});

afterAll(async () => {
  await host.close();
  await store.close();
  await source.query(`DROP SCHEMA ${connection.schema} CASCADE`);
  await source.destroy();
});

interface Answer {
  readonly orderId: string;
  readonly items: readonly Record<string, unknown>[];
  readonly next: string | null;
}

async function post(path: string, payload: object): Promise<Answer> {
  keys += 1;
  const answer = await host.inject({
    method: 'POST',
    url: path,
    headers: { 'x-tenant': 'demo', 'idempotency-key': `key-${String(keys)}` },
    payload,
  });
  expect(answer.statusCode).toBeLessThan(300);
  return answer.json<Answer>();
}

async function get(path: string): Promise<{ readonly status: number; readonly body: Answer }> {
  const answer = await host.inject({ method: 'GET', url: path, headers: { 'x-tenant': 'demo' } });
  return { status: answer.statusCode, body: answer.json<Answer>() };
}

const shirt = { item: 'SHIRT', quantity: '2', unitPrice: '11.90' };

describe('the tables', () => {
  it('are as the entity schemas say', async () => {
    expect(await schemaDrift(source)).toEqual([]);
  });
});

describe('an order', () => {
  it('is shown as it stands, with its history', async () => {
    const { orderId } = await post('/orders', {
      currency: 'EUR',
      number: '17',
      placedAt: '2026-03-01T10:00:00Z',
      lines: [shirt],
      paid: '23.80',
    });
    await post(`/orders/${orderId}/ship`, { lines: [{ lineId: '1', quantity: '1' }], locationId: 'L1' });
    expect((await get(`/orders/${orderId}`)).body).toMatchObject({
      orderId,
      number: '17',
      status: 'placed',
      payment: 'paid',
      shipping: 'partly-shipped',
      total: '23.8',
      version: 3,
      lines: [{ lineId: '1', item: 'SHIRT', quantity: '2', shipped: '1', left: '1' }],
    });
    const first = await get(`/orders/${orderId}/history?limit=2`);
    expect(first.body.items).toMatchObject([
      { version: 1, type: 'order.placed', time: expect.anything(), text: 'Order 17 placed: 1 line, 23.8 EUR' },
      { version: 2, type: 'order.paid' },
    ]);
    const second = await get(`/orders/${orderId}/history?limit=2&after=${String(first.body.next)}`);
    expect(second.body).toMatchObject({ items: [{ version: 3, type: 'order.shipped' }], next: null });
  });

  it('that nobody placed is not found', async () => {
    expect((await get('/orders/direct:none')).status).toBe(404);
  });
});

describe('orders', () => {
  it('are found by channel and status, page by page', async () => {
    const held = [];
    for (let count = 0; count < 3; count += 1)
      held.push((await post('/orders', { currency: 'EUR', lines: [{ ...shirt, item: undefined }] })).orderId);
    const first = (await get('/orders?status=held&channel=direct&limit=2')).body;
    const second = (await get(`/orders?status=held&channel=direct&limit=2&after=${String(first.next)}`)).body;
    expect([...first.items, ...second.items].map(({ orderId }) => orderId)).toEqual(held.toSorted());
    expect(second.next).toBeNull();
    expect((await get('/orders?channel=sample&channelOrderId=1')).body.items).toEqual([]);
    expect((await get('/orders?status=odd')).status).toBe(400);
  });
});
