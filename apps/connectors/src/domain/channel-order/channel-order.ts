import type { EventOf } from '@instep/contracts';
import type { StreamDefinition } from '@instep/decider';

import { contentHash } from '../content-hash.ts';

export type ChannelOrderEvent =
  EventOf<'channel-order.reported'> | EventOf<'channel-refund.reported'> | EventOf<'channel-fulfillment.reported'>;

/** The content that a channel reported last for an order and for each of its refunds and shipments, inside the order or alone. */
export interface ReportedOrder {
  readonly order: string | null;
  readonly refunds: Readonly<Record<string, string>>;
  readonly fulfillments: Readonly<Record<string, string>>;
}

export const channelOrder: StreamDefinition<ReportedOrder, ChannelOrderEvent> = {
  name: 'channel-order',
  initial: () => ({ order: null, refunds: {}, fulfillments: {} }),
  evolve(state, event) {
    switch (event.type) {
      case 'channel-order.reported':
        return {
          order: event.data.contentHash,
          refunds: { ...state.refunds, ...Object.fromEntries(event.data.refunds.map((refund) => [refund.refundId, contentHash(refund)])) },
          fulfillments: {
            ...state.fulfillments,
            ...Object.fromEntries(event.data.fulfillments.map((fulfillment) => [fulfillment.fulfillmentId, contentHash(fulfillment)])),
          },
        };
      case 'channel-refund.reported':
        return { ...state, refunds: { ...state.refunds, [event.data.refund.refundId]: event.data.contentHash } };
      case 'channel-fulfillment.reported':
        return { ...state, fulfillments: { ...state.fulfillments, [event.data.fulfillment.fulfillmentId]: event.data.contentHash } };
    }
  },
};

export function channelOrderId({ channel, channelOrderId: id }: ChannelOrderEvent['data']): string {
  return `${channel}:${id}`;
}
