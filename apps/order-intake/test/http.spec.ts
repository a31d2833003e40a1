import { serviceInMemory } from '@instep/testkit/service';
import type { ServiceInMemory } from '@instep/testkit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { compose } from '../src/compose.ts';
import { service } from '../src/order-intake.module.ts';

let intake: ServiceInMemory;

beforeAll(async () => {
  intake = await serviceInMemory(service, compose());
});

afterAll(() => intake.close());

interface Changed {
  readonly orderId: string;
  readonly events: readonly { readonly type: string }[];
}

function post(path: string, payload: object, key?: string | null) {
  return intake.send<Changed>('POST', path, payload, key);
}

const asked = { currency: 'EUR', lines: [{ item: 'SHIRT', quantity: '2', unitPrice: '11.90' }], customer: { email: 'Ada@Example.org' } };

describe('POST /orders', () => {
  it('places an order once, however often it is sent', async () => {
    const first = await post('/orders', { ...asked, paid: '23.80' }, 'once');
    expect(first.status).toBe(201);
    expect(first.body).toEqual({
      orderId: expect.stringMatching(/^direct:[\w-]{22}$/),
      events: [
        { type: 'order.placed', version: 1 },
        { type: 'order.paid', version: 2 },
      ],
    });
    expect((await post('/orders', { ...asked, paid: '23.80' }, 'once')).body).toEqual(first.body);
    expect((await post('/orders', asked, 'once')).status).toBe(409);
  });

  it('refuses what is not an order, and a change without a key', async () => {
    expect((await post('/orders', { ...asked, lines: [] })).status).toBe(400);
    expect((await post('/orders', { ...asked, lines: [{ item: 'A', quantity: '0', unitPrice: '1' }] })).status).toBe(400);
    expect((await post('/orders', { ...asked, lines: [{ item: 'A', quantity: '1', unitPrice: '-1' }] })).status).toBe(400);
    const keyless = await post('/orders', asked, null);
    expect(keyless.body).toMatchObject({ code: 'request/idempotency-key-missing' });
  });
});

describe('an order that was placed', () => {
  it('is paid, shipped, refunded and cancelled', async () => {
    const { orderId } = (await post('/orders', asked)).body;
    const types = async (step: string, body: object) =>
      (await post(`/orders/${encodeURIComponent(orderId)}/${step}`, body)).body.events.map(({ type }) => type);
    expect(await types('payments', { amount: '23.80' })).toEqual(['order.paid']);
    expect(await types('ship', { lines: [{ lineId: '1', quantity: '1' }], tracking: { company: 'DHL' } })).toEqual(['order.shipped']);
    const refund = { lines: [{ lineId: '1', quantity: '1', restock: 'return', net: '11.90' }], money: '11.90' };
    expect(await types('refund', refund)).toEqual(['order.refunded', 'order.returned']);
    expect(await types('cancel', { reason: 'rest not wanted' })).toEqual(['order.cancelled']);
    const again = await post(`/orders/${encodeURIComponent(orderId)}/cancel`, {});
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ code: 'order/already-cancelled' });
  });

  it('is released from hold with an item for its line', async () => {
    const { orderId } = (await post('/orders', { ...asked, lines: [{ title: 'Something', quantity: '1', unitPrice: '5' }] })).body;
    const still = await post(`/orders/${orderId}/release`, {});
    expect(still.status).toBe(422);
    expect(still.body).toMatchObject({ code: 'order/still-held' });
    const released = await post(`/orders/${orderId}/release`, { assignments: [{ lineId: '1', item: 'SHIRT' }] });
    expect(released.status).toBe(200);
    expect(released.body).toMatchObject({ events: [{ type: 'order.released' }] });
  });

  it('is not found when nobody placed it', async () => {
    expect((await post('/orders/direct:none/cancel', {})).status).toBe(404);
  });
});
