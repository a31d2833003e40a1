import { incoming } from '@instep/testkit/department';
import { serviceOnPostgres } from '@instep/testkit/service';
import type { ServiceOnPostgres } from '@instep/testkit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { service } from '../src/inventory.module.ts';
import { placed } from './order-events.ts';

interface Answer {
  readonly items: readonly Record<string, unknown>[];
  readonly lines: readonly Record<string, unknown>[];
  readonly complete: boolean;
  readonly next: string | null;
}

let stock: ServiceOnPostgres;

beforeAll(async () => {
  stock = await serviceOnPostgres(service);
});

afterAll(() => stock.close());

async function post(path: string, payload: object): Promise<unknown> {
  const { status, body } = await stock.send<object>('POST', path, payload);
  expect(status).toBeLessThan(300);
  return body;
}

const get = (path: string) => stock.get<Answer>(path);

describe('the tables', () => {
  it('are as the entity schemas say', async () => {
    expect(await stock.drift()).toEqual([]);
  });

  it('refuse to be oversold, whatever the code decides', async () => {
    const row = "INSERT INTO stock_level VALUES ('demo', 'X', 'A', 1, 2, -1, 0, NULL)";
    await expect(stock.query(row)).rejects.toThrow('stock_level_never_oversold');
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
    await stock.hear(placed([{ lineId: '1', item: 'POT', quantity: '3' }], { orderId: 'sample:1' }));
    expect((await get('/reservations/sample:1')).body).toMatchObject({
      complete: false,
      lines: [{ lineId: '1', item: 'POT', reserved: '1', missing: '2', since: '2026-01-01T10:00:00Z' }],
    });
    expect(await post('/receipts', { item: 'POT', quantity: '5', unitCost: '9' })).toMatchObject({ served: 1 });
    expect((await get('/reservations/sample:1')).body).toMatchObject({
      complete: true,
      lines: [{ reserved: '3', missing: '0', since: null }],
    });
    expect((await get('/stock?item=POT')).body.items).toMatchObject([{ onHand: '6', reserved: '3', available: '3' }]);
    expect((await get('/reservations/none')).status).toBe(404);
    await stock.hear(placed([{ lineId: '1', item: null, quantity: '3' }], { orderId: 'sample:2', hold: [] }));
    expect((await get('/reservations/sample:2')).body).toEqual({ orderId: 'sample:2', complete: true, lines: [] });
  });

  it('is compared with what a channel thinks', async () => {
    const report = { channel: 'sample', reportedAt: '2026-01-01T00:00:00Z', contentHash: 'h' };
    const variant = { variantId: '1', item: 'TEA', sku: 'TEA', barcode: null, title: '', price: '1', inventoryItemId: '77', stocked: true };
    const product = {
      ...report,
      channelProductId: '9',
      title: 'Tea',
      vendor: null,
      type: null,
      status: null,
      variants: [variant],
    };
    const told = (inventoryItemId: string, locationId: string, available: string | null) =>
      incoming('channel-stock.reported', { ...report, inventoryItemId, locationId, available }, { subject: `sample:${inventoryItemId}` });
    await stock.hear(
      incoming('channel-product.reported', product, { subject: 'sample:9' }),
      told('77', 'A', '2.5'),
      told('77', 'B', '3'),
      told('77', 'C', null),
      told('88', 'A', '4'),
    );
    const { items } = (await get('/stock/drift')).body;
    expect(items).toEqual([
      { ...drift, channelItem: '77', item: 'TEA', location: 'B', channelAvailable: '3', available: '1', difference: '2' },
      { ...drift, channelItem: '88', item: null, location: 'A', channelAvailable: '4', available: '0', difference: '4' },
    ]);
  });
});

const drift = { channel: 'sample', reportedAt: '2026-01-01T00:00:00Z' };
