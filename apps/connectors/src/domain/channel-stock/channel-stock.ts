import type { EventOf } from '@instep/contracts';

import { snapshotStream } from '../snapshot-stream.ts';

export type ChannelStockEvent = EventOf<'channel-stock.reported'>;

export const channelStock = snapshotStream<ChannelStockEvent>('channel-stock');

export function channelStockId({ channel, inventoryItemId, locationId }: ChannelStockEvent['data']): string {
  return `${channel}:${inventoryItemId}@${locationId}`;
}
