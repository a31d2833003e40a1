import type { View } from '@instep/department';
import { view } from '@instep/department';

export type ChannelItemRow = {
  readonly tenant: string;
  readonly channel: string;
  readonly channelItem: string;
  readonly item: string;
  readonly reportedAt: string;
};

/** Which of our items a channel means by an id of its stock. */
export const channelItem: View<ChannelItemRow> = view<ChannelItemRow>({
  table: { name: 'channel_item', key: ['tenant', 'channel', 'channelItem'] },
  on: {
    'channel-product.reported': {
      keys: ({ tenant, data }) =>
        data.variants.flatMap(({ inventoryItemId }) => (inventoryItemId === null ? [] : [[tenant, data.channel, inventoryItemId]])),
      fold(row, { tenant, data }, [, channel = '', id = '']) {
        const variant = data.variants.find(({ inventoryItemId }) => inventoryItemId === id);
        if (!variant || (row && row.reportedAt > data.reportedAt)) return row;
        return { tenant, channel, channelItem: id, item: variant.item, reportedAt: data.reportedAt };
      },
    },
  },
});
