import { describe, expect, it } from '@jest/globals';

import { shopifyOrder } from './sample-order.ts';
import { sign, shopifyWebhook } from './webhook.ts';

const settings = {
  id: '820982911946154508',
  number: 1001,
  placedAt: '2026-01-01T10:00:00.000Z',
  lines: [{ sku: 'A', price: '10.00', quantity: 3 }],
  shipping: '5.00',
};

describe('a sample order', () => {
  it('writes an id beyond 2^53 as a numeral', () => {
    expect(shopifyOrder(settings).body()).toContain('"id":820982911946154508,');
  });

  it('has the size of a real one', () => {
    const { length } = shopifyOrder({ ...settings, customer: { id: 1, email: 'a@example.com' } }).body();
    expect(length).toBeGreaterThan(6000);
    expect(length).toBeLessThan(9000);
  });

  it('adds up through payment, shipment, return and cancellation', () => {
    const order = shopifyOrder(settings)
      .paid('2026-01-01T10:01:00.000Z')
      .shipped('2026-01-01T10:02:00.000Z', [{ line: 0, quantity: 1 }]);
    const returned = order.refunded({ at: '2026-01-01T10:03:00.000Z', lines: [{ line: 0, quantity: 1, restock: 'return' }] });
    const cancelled = returned.cancelled('2026-01-01T10:04:00.000Z');
    const read = (text: string): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
    expect(read(order.body())).toMatchObject({
      total_price: '41.65',
      total_outstanding: '0.00',
      financial_status: 'paid',
      fulfillment_status: 'partial',
    });
    expect(read(returned.body())).toMatchObject({
      current_total_price: '29.75',
      total_outstanding: '0.00',
      financial_status: 'partially_refunded',
    });
    expect(read(cancelled.body())).toMatchObject({
      total_price: '41.65',
      current_total_price: '0.00',
      total_outstanding: '0.00',
      financial_status: 'refunded',
    });
    expect(cancelled.state.refunds.at(-1)?.lines).toMatchObject([{ quantity: 2, restock: 'cancel' }]);
  });

  it('is signed over its bytes', () => {
    const { body, headers } = shopifyWebhook({ topic: 'orders/create', body: shopifyOrder(settings).body(), secret: 'sample-secret' });
    expect(headers['x-shopify-hmac-sha256']).toBe(sign(Buffer.from(body), 'sample-secret'));
  });
});
