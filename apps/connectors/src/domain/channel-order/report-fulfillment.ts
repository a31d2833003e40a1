import type { EventData } from '@instep/contracts';
import { accept, defineCommand, nothing, record } from '@instep/decider';

import { channelOrder, channelOrderId } from './channel-order.ts';
import { fingerprint } from './fingerprint.ts';

/** Records what a channel says about a shipment, unless it said the same last time, alone or inside the order. */
export const reportFulfillment = defineCommand<EventData<'channel-fulfillment.reported'>>({
  name: 'report-fulfillment',
  streams: (data) => [{ stream: channelOrder, id: channelOrderId(data) }],
  decide(data, read) {
    const id = channelOrderId(data);
    if (read.state(channelOrder, id).fulfillments[data.fulfillment.fulfillmentId] === fingerprint(data.fulfillment)) return nothing;
    return accept(record(channelOrder, id, [{ type: 'channel-fulfillment.reported', data }], data.reportedAt));
  },
});
