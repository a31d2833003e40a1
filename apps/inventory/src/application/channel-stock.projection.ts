import type { View } from '@instep/department';
import { view } from '@instep/department';

export type ChannelStockRow = {
  readonly tenant: string;
  readonly channel: string;
  readonly channelItem: string;
  readonly location: string;
  /** What the channel thinks is available; null when it does not count the item there. */
  readonly available: string | null;
  readonly reportedAt: string;
};

/** What channels say our stock is: never taken over, only compared. */
export const channelStock: View<ChannelStockRow> = view<ChannelStockRow>({
  table: { name: 'channel_stock', key: ['tenant', 'channel', 'channelItem', 'location'] },
  on: {
    'channel-stock.reported': {
      keys: ({ tenant, data }) => [[tenant, data.channel, data.inventoryItemId, data.locationId]],
      fold: (row, { tenant, data }) =>
        row && row.reportedAt > data.reportedAt
          ? row
          : {
              tenant,
              channel: data.channel,
              channelItem: data.inventoryItemId,
              location: data.locationId,
              available: data.available,
              reportedAt: data.reportedAt,
            },
    },
  },
});
