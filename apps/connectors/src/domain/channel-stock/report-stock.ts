import { accept, defineCommand, nothing, record } from '@instep/decider';

import { isKnown } from '../snapshot-stream.ts';
import type { ChannelStockEvent } from './channel-stock.ts';
import { channelStock, channelStockId } from './channel-stock.ts';

/** Records what a channel says about stock, unless it says the same as last time and no later. */
export const reportStock = defineCommand<ChannelStockEvent['data']>({
  name: 'report-stock',
  streams: (data) => [{ stream: channelStock, id: channelStockId(data) }],
  decide(data, read) {
    const id = channelStockId(data);
    if (isKnown(read.state(channelStock, id), data)) return nothing;
    return accept(record(channelStock, id, [{ type: 'channel-stock.reported', data }], data.reportedAt));
  },
});
