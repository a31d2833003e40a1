import { randomUUID } from 'node:crypto';

import type { PostgresStore } from '@instep/postgres';
import { dataSource, migrate, postgresStore, schemaDrift } from '@instep/postgres';
import type { TestHost } from '@instep/service-host';
import { testHost } from '@instep/service-host';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { entities, migrations } from '../src/adapters/postgres/index.ts';
import { service } from '../src/inventory.module.ts';
import { placed } from './order-events.ts';
import { toldLog } from './told-log.ts';

const url = process.env['DATABASE_URL'];
if (url === undefined) throw new Error('these tests need a PostgreSQL: set DATABASE_URL');

const connection = { url, service: 'inventory', schema: `stock_${randomUUID().replaceAll('-', '')}` };
const source = dataSource({ ...connection, entities, migrations });
const { log, tell } = toldLog();

let store: PostgresStore;
let host: TestHost;
let keys = 0;

beforeAll(async () => {
  await migrate(source);
  store = postgresStore({ ...connection, tables: entities });
  host = await testHost(service, { log, store, dataSource: source });
});

afterAll(async () => {
  await host.close();
  await store.close();
  await source.query(`DROP SCHEMA ${connection.schema} CASCADE`);
  await source.destroy();
  await log.close();
});

async function post(path: string, payload: object): Promise<unknown> {
  keys += 1;
  const answer = await host.inject({
    method: 'POST',
    url: path,
    headers: { 'x-tenant': 'demo', 'idempotency-key': `key-${String(keys)}` },
    payload,
  });
  expect(answer.statusCode).toBeLessThan(300);
  return answer.json();
}

interface Answer {
  readonly items: readonly Record<string, unknown>[];
  readonly lines: readonly Record<string, unknown>[];
  readonly complete: boolean;
  readonly next: string | null;
}

async function get(path: string): Promise<{ readonly status: number; readonly body: Answer }> {
  const answer = await host.inject({ method: 'GET', url: path, headers: { 'x-tenant': 'demo' } });
  return { status: answer.statusCode, body: answer.json<Answer>() };
}

async function until(path: string, ready: (body: Answer) => boolean): Promise<Answer> {
  for (const deadline = Date.now() + 10_000; ;) {
    const { status, body } = await get(path);
    if (status === 200 && ready(body)) return body;
    if (Date.now() > deadline) throw new Error(`${path} still says ${JSON.stringify(body)}`);
    await new Promise(setImmediate);
  }
}

describe('the tables', () => {
  it('are as the entity schemas say', async () => {
    expect(await schemaDrift(source)).toEqual([]);
  });

  it('refuse to be oversold, whatever the code decides', async () => {
    const row = `INSERT INTO ${connection.schema}.stock_level VALUES ('demo', 'X', 'A', 1, 2, -1, 0, NULL)`;
    await expect(source.query(row)).rejects.toThrow('stock_level_never_oversold');
  });
});

describe('stock', () => {
  it('is listed by item and location, in pages', async () => {
    await post('/items', { item: 'TEA', title: 'Tea', sku: 'TEA', channelItems: ['sample:77'] });
    await post('/items', { item: 'POT', title: 'Pot' });
    await post('/receipts', { item: 'TEA', location: 'A', quantity: '2.5', unitCost: '2.00', currency: 'EUR' });
    await post('/receipts', { item: 'TEA', location: 'B', quantity: '1', unitCost: '2.00', currency: 'EUR' });
    await post('/receipts', { item: 'POT', quantity: '1', unitCost: '9' });
    const first = await get('/stock?limit=2');
    expect(first.body.items).toEqual([
      { item: 'POT', location: 'main', onHand: '1', reserved: '0', available: '1', value: '9', currency: 'USD' },
      { item: 'TEA', location: 'A', onHand: '2.5', reserved: '0', available: '2.5', value: '5', currency: 'EUR' },
    ]);
    const second = await get(`/stock?limit=2&after=${encodeURIComponent(first.body.next ?? '')}`);
    expect(second.body).toMatchObject({ items: [{ item: 'TEA', location: 'B' }], next: null });
    expect((await get('/stock?item=TEA&location=B')).body.items).toHaveLength(1);
    expect((await get('/items?limit=1')).body).toMatchObject({ items: [{ item: 'POT', channelItems: [] }], next: expect.any(String) });
    expect((await get('/items?sku=TEA')).body.items).toMatchObject([{ item: 'TEA', channelItems: ['sample:77'] }]);
  });

  it('is set aside for orders, and a receipt serves who waits', async () => {
    const order = placed([{ lineId: '1', item: 'POT', quantity: '3' }], { orderId: 'sample:1' });
    await tell('order.placed', 'sample:1', order.data);
    const short = await until('/reservations/sample:1', (body) => body.lines.length > 0);
    expect(short).toMatchObject({
      complete: false,
      lines: [{ lineId: '1', item: 'POT', reserved: '1', missing: '2', since: '2026-01-01T10:00:00.000Z' }],
    });
    expect(await post('/receipts', { item: 'POT', quantity: '5', unitCost: '9' })).toMatchObject({ served: 1 });
    expect((await get('/reservations/sample:1')).body).toMatchObject({
      complete: true,
      lines: [{ reserved: '3', missing: '0', since: null }],
    });
    expect((await get('/stock?item=POT')).body.items).toMatchObject([{ onHand: '6', reserved: '3', available: '3' }]);
    expect((await get('/reservations/none')).status).toBe(404);
    await tell('order.placed', 'sample:2', placed([{ lineId: '1', item: null, quantity: '3' }], { orderId: 'sample:2', hold: [] }).data);
    expect(await until('/reservations/sample:2', () => true)).toEqual({ orderId: 'sample:2', complete: true, lines: [] });
  });

  it('is compared with what a channel thinks', async () => {
    const report = { channel: 'sample', reportedAt: '2026-01-01T00:00:00Z', contentHash: 'h' };
    const variant = { variantId: '1', item: 'TEA', sku: 'TEA', barcode: null, title: '', price: '1', inventoryItemId: '77', stocked: true };
    await tell('channel-product.reported', 'sample:9', {
      ...report,
      channelProductId: '9',
      title: 'Tea',
      vendor: null,
      type: null,
      status: null,
      variants: [variant],
    });
    const told = { ...report, inventoryItemId: '77' };
    await tell('channel-stock.reported', 'sample:77', { ...told, locationId: 'A', available: '2.5' });
    await tell('channel-stock.reported', 'sample:77', { ...told, locationId: 'B', available: '3' });
    await tell('channel-stock.reported', 'sample:77', { ...told, locationId: 'C', available: null });
    await tell('channel-stock.reported', 'sample:88', { ...told, inventoryItemId: '88', locationId: 'A', available: '4' });
    const { items } = await until('/stock/drift', (body) => body.items.length === 2 && body.items[0]?.['item'] !== null);
    expect(items).toEqual([
      { ...drift, channelItem: '77', item: 'TEA', location: 'B', channelAvailable: '3', available: '1', difference: '2' },
      { ...drift, channelItem: '88', item: null, location: 'A', channelAvailable: '4', available: '0', difference: '4' },
    ]);
  });
});

const drift = { channel: 'sample', reportedAt: '2026-01-01T00:00:00Z' };
