import { serviceOnPostgres } from '@instep/testkit/service';
import type { ServiceOnPostgres } from '@instep/testkit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { service } from '../src/order-intake.module.ts';

interface Answer {
  readonly orderId: string;
  readonly items: readonly Record<string, unknown>[];
  readonly next: string | null;
}

let intake: ServiceOnPostgres;

beforeAll(async () => {
  intake = await serviceOnPostgres(service);
});

afterAll(() => intake.close());

async function post(path: string, payload: object): Promise<Answer> {
  const { status, body } = await intake.send<Answer>('POST', path, payload);
  expect(status).toBeLessThan(300);
  return body;
}

const get = (path: string) => intake.get<Answer>(path);

const shirt = { item: 'SHIRT', quantity: '2', unitPrice: '11.90' };

describe('the tables', () => {
  it('are as the entity schemas say', async () => {
    expect(await intake.drift()).toEqual([]);
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
