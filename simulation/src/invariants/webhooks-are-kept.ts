import type { EventData } from '@instep/contracts';

import type { Invariant } from '../evidence.ts';
import { seenEvents, seenRecords } from './seen-log.ts';

export const webhooksAreKept: Invariant = {
  id: 'INV-2',
  promise: 'Every acknowledged webhook of an order lies in the raw topic, and every order of a channel has its receipt there.',
  async check(evidence) {
    const receipts = new Map<string, number>();
    for (const { event } of seenRecords(evidence, 'raw.shopify')) {
      if (event) receipts.set(event.subject, (receipts.get(event.subject) ?? 0) + 1);
    }
    const placed = seenEvents(evidence, 'orders').flatMap(({ type, data }) =>
      type === 'order.placed' ? [data as EventData<'order.placed'>] : [],
    );
    return [
      ...evidence.orders.flatMap(({ orderId, deliveries }) => {
        const kept = receipts.get(rawSubject(orderId)) ?? 0;
        return kept >= deliveries ? [] : [`order ${orderId}: ${String(deliveries)} webhooks were acknowledged, ${String(kept)} are kept`];
      }),
      ...placed
        .filter(({ orderId, channelOrderId }) => channelOrderId !== null && !receipts.has(rawSubject(orderId)))
        .map(({ orderId }) => `order ${orderId} is placed without a receipt`),
    ];
  },
};

/** `sample:5` is received as `sample:order:5`. */
function rawSubject(orderId: string): string {
  const cut = orderId.indexOf(':');
  return `${orderId.slice(0, cut)}:order${orderId.slice(cut)}`;
}
