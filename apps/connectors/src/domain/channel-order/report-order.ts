import type { EventData } from '@instep/contracts';
import { accept, defineCommand, nothing, record } from '@instep/decider';

import { isKnown } from '../snapshot-stream.ts';
import { channelOrder, channelOrderId } from './channel-order.ts';

/** Records what a channel says about an order, unless it says the same as last time and no later. */
export const reportOrder = defineCommand<EventData<'channel-order.reported'>>({
  name: 'report-order',
  streams: (data) => [{ stream: channelOrder, id: channelOrderId(data) }],
  decide(data, read) {
    const id = channelOrderId(data);
    if (isKnown(read.state(channelOrder, id).order, data)) return nothing;
    return accept(record(channelOrder, id, [{ type: 'channel-order.reported', data }], data.reportedAt));
  },
});
