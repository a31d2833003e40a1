import { decisions, shopifyOrder } from '@instep/testkit';
import { describe, expect, it } from '@jest/globals';

import { mappedOrder, mappedRefund } from '../../../test/mapping.ts';
import { channelOrder } from './channel-order.ts';
import { reportOrder } from './report-order.ts';
import { reportRefund } from './report-refund.ts';

const placed = shopifyOrder({ id: 5, number: 1001, placedAt: '2026-01-01T00:00:00.000Z', lines: [{ sku: 'A', price: '10.00' }] });
const paid = placed.paid('2026-01-01T00:01:00.000Z');
const refunded = paid.refunded({ at: '2026-01-01T00:02:00.000Z', lines: [{ line: 0, quantity: 1, restock: 'return' }] });

const orderOf = (order: typeof placed) => reportOrder.with(mappedOrder(order.body()));
const refundOf = (order: typeof placed) => reportRefund.with(mappedRefund(order.refundBody()));
const orders = () => decisions([channelOrder]);

describe('reporting an order', () => {
  it('records the report in the order of the channel, at the time of the channel', () => {
    expect(orders().when(orderOf(placed)).decided).toEqual([
      {
        stream: 'channel-order',
        id: 'sample:5',
        event: { type: 'channel-order.reported', data: mappedOrder(placed.body()) },
        time: '2026-01-01T00:00:00.000Z',
      },
    ]);
  });

  it('says nothing when it is what was said last', () => {
    const all = orders();
    expect(all.when(orderOf(placed)).events).toHaveLength(1);
    expect(all.when(orderOf(placed)).events).toHaveLength(0);
    expect(all.when(orderOf(paid)).events).toHaveLength(1);
    expect(all.when(orderOf(paid)).events).toHaveLength(0);
  });

  it('says so when what was said last still holds later', () => {
    const all = orders();
    all.when(orderOf(placed));
    const later = reportOrder.with({ ...mappedOrder(placed.body()), reportedAt: '2026-01-01T00:03:00.000Z' });
    expect(all.when(later).events).toMatchObject([{ data: { reportedAt: '2026-01-01T00:03:00.000Z' } }]);
    expect(all.when(later).events).toHaveLength(0);
    expect(all.when(orderOf(placed)).events).toHaveLength(0);
  });

  it('passes on what is older than the last: others know what to do with it', () => {
    const all = orders();
    all.when(orderOf(paid));
    expect(all.when(orderOf(placed)).events).toHaveLength(1);
  });
});

describe('an order that was changed and changed back', () => {
  const stamped = (order: typeof placed, second: number) => ({
    ...mappedOrder(order.body()),
    reportedAt: `2026-01-01T00:01:0${String(second)}.000Z`,
  });
  const reports = [stamped(paid, 1), stamped(refunded, 2), stamped(paid, 3)];

  it.each(permutationsOf([0, 1, 2]))(
    'is told to be as it was, for whoever goes by the stamps: reports %s, %s, %s, and all again',
    (...order) => {
      const all = orders();
      const told = [...order, ...order].flatMap((at) => {
        const report = reports[at];
        return report ? all.when(reportOrder.with(report)).events : [];
      }) as { readonly data: { readonly reportedAt: string; readonly contentHash: string } }[];
      const newest = told.reduce((best, each) => (each.data.reportedAt > best.data.reportedAt ? each : best));
      expect(newest.data).toMatchObject({ reportedAt: reports[2]?.reportedAt, contentHash: reports[0]?.contentHash });
    },
  );
});

function permutationsOf(items: readonly number[]): number[][] {
  if (items.length <= 1) return [[...items]];
  return items.flatMap((item, at) => permutationsOf([...items.slice(0, at), ...items.slice(at + 1)]).map((rest) => [item, ...rest]));
}

describe('reporting a refund', () => {
  it('records it before its order is known', () => {
    expect(orders().when(refundOf(refunded)).events).toMatchObject([{ type: 'channel-refund.reported' }]);
  });

  it('says nothing when the order said the same, or it did itself', () => {
    const all = orders();
    all.when(orderOf(refunded));
    expect(all.when(refundOf(refunded)).events).toHaveLength(0);
    const alone = orders();
    alone.when(refundOf(refunded));
    expect(alone.when(refundOf(refunded)).events).toHaveLength(0);
    expect(alone.when(orderOf(refunded)).events).toHaveLength(1);
  });
});
