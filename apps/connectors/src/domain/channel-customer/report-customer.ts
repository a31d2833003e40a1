import { accept, defineCommand, nothing, record } from '@instep/decider';

import { isKnown } from '../snapshot-stream.ts';
import type { ChannelCustomerEvent } from './channel-customer.ts';
import { channelCustomer, channelCustomerId } from './channel-customer.ts';

/** Records what a channel says about a customer, unless it says the same as last time and no later. */
export const reportCustomer = defineCommand<ChannelCustomerEvent['data']>({
  name: 'report-customer',
  streams: (data) => [{ stream: channelCustomer, id: channelCustomerId(data) }],
  decide(data, read) {
    const id = channelCustomerId(data);
    if (isKnown(read.state(channelCustomer, id), data)) return nothing;
    return accept(record(channelCustomer, id, [{ type: 'channel-customer.reported', data }], data.reportedAt));
  },
});
