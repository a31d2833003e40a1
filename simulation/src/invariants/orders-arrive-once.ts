import type { ServiceName } from '@instep/contracts';

import type { Evidence, Invariant } from '../evidence.ts';
import { isParked, parkedKeys, rowsOf } from './database.ts';
import { seenEvents } from './seen-log.ts';

/** Where each department keeps what it knows of an order. */
const places: readonly (readonly [ServiceName, string])[] = [
  ['order-intake', 'order_summary'],
  ['inventory', 'order_demand'],
  ['crm', 'customer_order'],
  ['hr', 'order_sale'],
  ['finance', 'order_facts'],
];

export const ordersArriveOnce: Invariant = {
  id: 'INV-1',
  promise: 'Every order of which a webhook was acknowledged is placed once and known once to every department, or is listed as parked.',
  async check(evidence) {
    const parked = await parkedKeys(evidence);
    const expected = evidence.orders.map(({ orderId }) => orderId).filter((orderId) => !isParked(parked, orderId));
    const placed = countBy(
      seenEvents(evidence, 'orders').filter(({ type }) => type === 'order.placed'),
      ({ subject }) => subject,
    );
    return [
      ...expected.flatMap((orderId) => {
        const times = placed.get(orderId) ?? 0;
        return times === 1 ? [] : [`order ${orderId} was acknowledged and is placed ${String(times)} times`];
      }),
      ...strangers(evidence, placed),
      ...places.flatMap(([service, table]) => missing(evidence, service, table, expected)),
    ];
  },
};

function missing(evidence: Evidence, service: ServiceName, table: string, expected: readonly string[]): string[] {
  const known = countBy(rowsOf(evidence, service, table), (row) => String(row['orderId']));
  return expected.flatMap((orderId) => {
    const times = known.get(orderId) ?? 0;
    return times === 1 ? [] : [`${service} knows order ${orderId} ${String(times)} times`];
  });
}

/** Orders that nobody gave. */
function strangers(evidence: Evidence, placed: ReadonlyMap<string, number>): string[] {
  const given = new Set(evidence.orders.map(({ orderId }) => orderId));
  return [...placed.keys()]
    .filter((orderId) => orderId.startsWith('sample:') && !given.has(orderId))
    .map((orderId) => `order ${orderId} is placed, but the shop never had it acknowledged`);
}

function countBy<Item>(items: readonly Item[], name: (item: Item) => string): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) counts.set(name(item), (counts.get(name(item)) ?? 0) + 1);
  return counts;
}
