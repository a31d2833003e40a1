import { accept, defineCommand, nothing, record } from '@instep/decider';

import { isKnown } from '../snapshot-stream.ts';
import type { ChannelProductEvent } from './channel-product.ts';
import { channelProduct, channelProductId } from './channel-product.ts';

/** Records what a channel says about a product, unless it says the same as last time and no later. */
export const reportProduct = defineCommand<ChannelProductEvent['data']>({
  name: 'report-product',
  streams: (data) => [{ stream: channelProduct, id: channelProductId(data) }],
  decide(data, read) {
    const id = channelProductId(data);
    if (isKnown(read.state(channelProduct, id), data)) return nothing;
    return accept(record(channelProduct, id, [{ type: 'channel-product.reported', data }], data.reportedAt));
  },
});
