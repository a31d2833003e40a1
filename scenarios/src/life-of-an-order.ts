import type { SampleOrder } from '@instep/testkit';

import { newOrder } from './sample.ts';

export interface Report {
  readonly topic: string;
  readonly body: string;
}

/**
 * All reports of one order's life: create, edit, paid, shipped in two parts, refund with and without restock, cancel.
 * A is bought 3, then 4 times: 2 and 1 ship, 1 comes back. B is bought twice: 1 ships, 1 is refunded without coming back. The rest is cancelled.
 */
export function lifeOfAnOrder(items: { readonly a: string; readonly b: string }): {
  readonly order: SampleOrder;
  readonly reports: readonly Report[];
} {
  const created = newOrder({
    lines: [
      { sku: items.a, price: '19.99', quantity: 3 },
      { sku: items.b, price: '7.35', quantity: 2 },
    ],
    taxRate: 0.0825,
    shipping: '6.20',
    discount: '5.01',
  });
  const edited = created.edited('2026-03-01T11:00:00Z', { 0: 4 });
  const paid = edited.paid('2026-03-01T12:00:00Z');
  const first = paid.shipped('2026-03-02T08:00:00Z', [{ line: 0, quantity: 2 }]);
  const second = first.shipped('2026-03-02T16:00:00Z', [
    { line: 0, quantity: 1 },
    { line: 1, quantity: 1 },
  ]);
  const returned = second.refunded({ at: '2026-03-04T09:00:00Z', lines: [{ line: 0, quantity: 1, restock: 'return' }] });
  const kept = returned.refunded({ at: '2026-03-05T09:00:00Z', lines: [{ line: 1, quantity: 1, restock: 'no_restock' }] });
  const cancelled = kept.cancelled('2026-03-06T09:00:00Z');
  return {
    order: cancelled,
    reports: [
      { topic: 'orders/create', body: created.body() },
      { topic: 'orders/updated', body: edited.body() },
      { topic: 'orders/paid', body: paid.body() },
      { topic: 'fulfillments/create', body: first.fulfillmentBody() },
      { topic: 'fulfillments/create', body: second.fulfillmentBody() },
      { topic: 'refunds/create', body: returned.refundBody() },
      { topic: 'refunds/create', body: kept.refundBody() },
      { topic: 'orders/cancelled', body: cancelled.body() },
    ],
  };
}
