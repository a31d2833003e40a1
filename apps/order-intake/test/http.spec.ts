import { topics } from '@instep/contracts';
import { inMemoryStore } from '@instep/department';
import { inMemoryLog } from '@instep/event-log';
import type { TestHost } from '@instep/service-host';
import { testHost } from '@instep/service-host';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { compose } from '../src/compose.ts';
import { service } from '../src/order-intake.module.ts';

const partitions = Object.fromEntries(Object.values(topics).map(({ name, partitions: count }) => [name, count]));
const tables = compose().projections.map(({ table }) => table);

let host: TestHost;
let keys = 0;

beforeAll(async () => {
  host = await testHost(service, { log: inMemoryLog({ topics: partitions }), store: inMemoryStore({ tables }) });
});

afterAll(() => host.close());

function post(url: string, payload: object, key = `key-${String((keys += 1))}`) {
  return host.inject({ method: 'POST', url, headers: { 'x-tenant': 'demo', 'idempotency-key': key }, payload });
}

const asked = { currency: 'EUR', lines: [{ item: 'SHIRT', quantity: '2', unitPrice: '11.90' }], customer: { email: 'Ada@Example.org' } };

describe('POST /orders', () => {
  it('places an order once, however often it is sent', async () => {
    const first = await post('/orders', { ...asked, paid: '23.80' }, 'once');
    expect(first.statusCode).toBe(201);
    expect(first.json()).toEqual({
      orderId: expect.stringMatching(/^direct:[\w-]{22}$/),
      events: [
        { type: 'order.placed', version: 1 },
        { type: 'order.paid', version: 2 },
      ],
    });
    expect((await post('/orders', { ...asked, paid: '23.80' }, 'once')).json()).toEqual(first.json());
    expect((await post('/orders', asked, 'once')).statusCode).toBe(409);
  });

  it('refuses what is not an order, and a change without a key', async () => {
    expect((await post('/orders', { ...asked, lines: [] })).statusCode).toBe(400);
    expect((await post('/orders', { ...asked, lines: [{ item: 'A', quantity: '0', unitPrice: '1' }] })).statusCode).toBe(400);
    expect((await post('/orders', { ...asked, lines: [{ item: 'A', quantity: '1', unitPrice: '-1' }] })).statusCode).toBe(400);
    const keyless = await host.inject({ method: 'POST', url: '/orders', headers: { 'x-tenant': 'demo' }, payload: asked });
    expect(keyless.json()).toMatchObject({ code: 'request/idempotency-key-missing' });
  });
});

describe('an order that was placed', () => {
  it('is paid, shipped, refunded and cancelled', async () => {
    const { orderId } = (await post('/orders', asked)).json<{ orderId: string }>();
    const types = async (step: string, body: object) =>
      (await post(`/orders/${encodeURIComponent(orderId)}/${step}`, body))
        .json<{ events: { type: string }[] }>()
        .events.map(({ type }) => type);
    expect(await types('payments', { amount: '23.80' })).toEqual(['order.paid']);
    expect(await types('ship', { lines: [{ lineId: '1', quantity: '1' }], tracking: { company: 'DHL' } })).toEqual(['order.shipped']);
    const refund = { lines: [{ lineId: '1', quantity: '1', restock: 'return', net: '11.90' }], money: '11.90' };
    expect(await types('refund', refund)).toEqual(['order.refunded', 'order.returned']);
    expect(await types('cancel', { reason: 'rest not wanted' })).toEqual(['order.cancelled']);
    const again = await post(`/orders/${encodeURIComponent(orderId)}/cancel`, {});
    expect(again.statusCode).toBe(409);
    expect(again.json()).toMatchObject({ code: 'order/already-cancelled' });
  });

  it('is released from hold with an item for its line', async () => {
    const { orderId } = (await post('/orders', { ...asked, lines: [{ title: 'Something', quantity: '1', unitPrice: '5' }] })).json<{
      orderId: string;
    }>();
    const still = await post(`/orders/${orderId}/release`, {});
    expect(still.statusCode).toBe(422);
    expect(still.json()).toMatchObject({ code: 'order/still-held' });
    const released = await post(`/orders/${orderId}/release`, { assignments: [{ lineId: '1', item: 'SHIRT' }] });
    expect(released.statusCode).toBe(200);
    expect(released.json()).toMatchObject({ events: [{ type: 'order.released' }] });
  });

  it('is not found when nobody placed it', async () => {
    expect((await post('/orders/direct:none/cancel', {})).statusCode).toBe(404);
  });
});
