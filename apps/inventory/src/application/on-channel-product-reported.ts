import { reaction } from '@instep/department';

import { registerItem } from './register-item.ts';

/** Shopify's name for the only variant of a product that has no variants. */
const nameless = 'Default Title';

/** Each variant of a product is an item. Variants with one SKU are one item, named as the first of them. */
export const onChannelProductReported = reaction('channel-product.reported', ({ data }) => {
  const items = new Set<string>();
  return data.variants.flatMap(({ item, sku, title }) => {
    if (items.has(item)) return [];
    items.add(item);
    const named = title === '' || title === nameless ? data.title : `${data.title} - ${title}`;
    const channelItems = data.variants.flatMap((variant) =>
      variant.item === item && variant.inventoryItemId !== null ? [`${data.channel}:${variant.inventoryItemId}`] : [],
    );
    return [registerItem.with({ item, title: named === '' ? item : named, unit: 'piece', sku, channelItems })];
  });
});
