import { EntitySchema } from 'typeorm';

import type { ChannelStockRow } from '../../application/channel-stock.projection.ts';

export const channelStockSchema = new EntitySchema<ChannelStockRow & { rowVersion: number }>({
  name: 'channel_stock',
  tableName: 'channel_stock',
  columns: {
    tenant: { type: 'text', primary: true },
    channel: { type: 'text', primary: true },
    channelItem: { type: 'text', primary: true, name: 'channel_item' },
    location: { type: 'text', primary: true },
    available: { type: 'numeric', nullable: true },
    reportedAt: { type: 'text', name: 'reported_at' },
    rowVersion: { type: 'integer', name: 'row_version' },
  },
});
