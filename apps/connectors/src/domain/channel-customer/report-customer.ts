import { accept, defineCommand, nothing, record } from '@instep/decider';

import type { ChannelCustomerEvent } from './channel-customer.ts';
import { channelCustomer, channelCustomerId } from './channel-customer.ts';

/** Records what a channel says about a customer, unless it says the same as last time. */
export const reportCustomer = defineCommand<ChannelCustomerEvent['data']>({
  name: 'report-customer',
  streams: (data) => [{ stream: channelCustomer, id: channelCustomerId(data) }],
  decide(data, read) {
    const id = channelCustomerId(data);
    if (read.state(channelCustomer, id).contentHash === data.contentHash) return nothing;
    return accept(record(channelCustomer, id, [{ type: 'channel-customer.reported', data }], data.reportedAt));
  },
});
