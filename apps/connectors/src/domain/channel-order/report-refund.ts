import type { EventData } from '@instep/contracts';
import { accept, defineCommand, nothing, record } from '@instep/decider';

import { channelOrder, channelOrderId } from './channel-order.ts';
import { fingerprint } from './fingerprint.ts';

/** Records what a channel says about a refund, unless it said the same last time, alone or inside the order. */
export const reportRefund = defineCommand<EventData<'channel-refund.reported'>>({
  name: 'report-refund',
  streams: (data) => [{ stream: channelOrder, id: channelOrderId(data) }],
  decide(data, read) {
    const id = channelOrderId(data);
    if (read.state(channelOrder, id).refunds[data.refund.refundId] === fingerprint(data.refund)) return nothing;
    return accept(record(channelOrder, id, [{ type: 'channel-refund.reported', data }], data.reportedAt));
  },
});
