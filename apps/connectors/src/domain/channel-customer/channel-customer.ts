import type { EventOf } from '@instep/contracts';

import { snapshotStream } from '../snapshot-stream.ts';

export type ChannelCustomerEvent = EventOf<'channel-customer.reported'>;

export const channelCustomer = snapshotStream<ChannelCustomerEvent>('channel-customer');

export function channelCustomerId({ channel, channelCustomerId: id }: ChannelCustomerEvent['data']): string {
  return `${channel}:${id}`;
}
