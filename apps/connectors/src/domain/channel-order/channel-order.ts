import type { EventOf } from '@instep/contracts';
import type { StreamDefinition } from '@instep/decider';

import type { Reported } from '../snapshot-stream.ts';
import { fingerprint } from './fingerprint.ts';

type ChannelOrderEvent = EventOf<'channel-order.reported'> | EventOf<'channel-refund.reported'> | EventOf<'channel-fulfillment.reported'>;

/**
 * What a channel reported last: the order, and fingerprints of its refunds and shipments, inside the order or alone.
 */
interface ReportedOrder {
  readonly order: Reported | null;
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
          order: { contentHash: event.data.contentHash, reportedAt: event.data.reportedAt },
          refunds: { ...state.refunds, ...Object.fromEntries(event.data.refunds.map((refund) => [refund.refundId, fingerprint(refund)])) },
          fulfillments: {
            ...state.fulfillments,
            ...Object.fromEntries(event.data.fulfillments.map((fulfillment) => [fulfillment.fulfillmentId, fingerprint(fulfillment)])),
          },
        };
      case 'channel-refund.reported':
        return { ...state, refunds: { ...state.refunds, [event.data.refund.refundId]: fingerprint(event.data.refund) } };
      case 'channel-fulfillment.reported':
        return {
          ...state,
          fulfillments: { ...state.fulfillments, [event.data.fulfillment.fulfillmentId]: fingerprint(event.data.fulfillment) },
        };
    }
  },
};

export function channelOrderId({ channel, channelOrderId: id }: ChannelOrderEvent['data']): string {
  return `${channel}:${id}`;
}
