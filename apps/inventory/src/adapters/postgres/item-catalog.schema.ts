import { EntitySchema } from 'typeorm';

import type { ItemCatalogRow } from '../../application/item-catalog.projection.ts';

export const itemCatalogSchema = new EntitySchema<ItemCatalogRow>({
  name: 'item_catalog',
  tableName: 'item_catalog',
  columns: {
    tenant: { type: 'text', primary: true },
    item: { type: 'text', primary: true },
    title: { type: 'text' },
    unit: { type: 'text' },
    sku: { type: 'text', nullable: true },
    channelItems: { type: 'text', name: 'channel_items' },
  },
});
