import type { StateTable } from '@instep/department';
import { stateTable } from '@instep/department';

import type { ItemState } from '../domain/item/item.ts';
import { itemStream } from '../domain/item/item.ts';

export type ItemCatalogRow = {
  readonly tenant: string;
  readonly item: string;
  readonly title: string;
  readonly unit: string;
  readonly sku: string | null;
  /** A JSON list of what channels call it. */
  readonly channelItems: string;
};

/** The items that are registered. */
export const itemCatalog: StateTable<ItemCatalogRow, ItemState> = stateTable<ItemCatalogRow, ItemState>({
  table: { name: 'item_catalog', key: ['tenant', 'item'] },
  stream: itemStream,
  rows({ description }, { tenant, id }) {
    if (!description) return [];
    const { title, unit, sku, channelItems } = description;
    return [{ tenant, item: id, title, unit, sku, channelItems: JSON.stringify(channelItems) }];
  },
});
