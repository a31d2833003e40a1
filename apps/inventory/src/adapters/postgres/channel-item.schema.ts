import { EntitySchema } from 'typeorm';

import type { ChannelItemRow } from '../../application/channel-item.projection.ts';

export const channelItemSchema = new EntitySchema<ChannelItemRow & { rowVersion: number }>({
  name: 'channel_item',
  tableName: 'channel_item',
  columns: {
    tenant: { type: 'text', primary: true },
    channel: { type: 'text', primary: true },
    channelItem: { type: 'text', primary: true, name: 'channel_item' },
    item: { type: 'text' },
    reportedAt: { type: 'text', name: 'reported_at' },
    rowVersion: { type: 'integer', name: 'row_version' },
  },
});
