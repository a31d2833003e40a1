import type { EventData } from '@instep/contracts';

import type { Invariant } from '../evidence.ts';
import { seenEvents, seenRecords } from './seen-log.ts';

export const webhooksAreKept: Invariant = {
  id: 'INV-2',
  promise: 'Every acknowledged webhook of an order lies in the raw topic, and every order of a channel has its receipt there.',
  async check(evidence) {
    const kept = seenRecords(evidence, 'raw.shopify').flatMap(({ event }) => (event ? [event] : []));
    const subjects = new Set(kept.map(({ subject }) => subject));
    const ids = new Set(kept.map(({ data }) => (data as EventData<'webhook.received'>).webhookId));
    const placed = seenEvents(evidence, 'orders').flatMap(({ type, data }) =>
      type === 'order.placed' ? [data as EventData<'order.placed'>] : [],
    );
    return [
      ...evidence.acknowledgedWebhooks.filter((id) => !ids.has(id)).map((id) => `webhook ${id} was acknowledged and is not kept`),
      ...placed
        .filter(({ orderId, channelOrderId }) => channelOrderId !== null && !subjects.has(rawSubject(orderId)))
        .map(({ orderId }) => `order ${orderId} is placed without a receipt`),
    ];
  },
};

/** `sample:5` is received as `sample:order:5`. */
function rawSubject(orderId: string): string {
  const cut = orderId.indexOf(':');
  return `${orderId.slice(0, cut)}:order${orderId.slice(cut)}`;
}
