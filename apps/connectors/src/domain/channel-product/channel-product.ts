import type { EventOf } from '@instep/contracts';

import { snapshotStream } from '../snapshot-stream.ts';

export type ChannelProductEvent = EventOf<'channel-product.reported'>;

export const channelProduct = snapshotStream<ChannelProductEvent>('channel-product');

export function channelProductId({ channel, channelProductId: id }: ChannelProductEvent['data']): string {
  return `${channel}:${id}`;
}
