import { accept, defineCommand, nothing, record } from '@instep/decider';

import { itemStream } from '../domain/item/item.ts';

export interface RegisterItem {
  readonly item: string;
  readonly title: string;
  readonly unit: string;
  readonly sku: string | null;
  /** Those of one channel or more: what other channels call it stays known. */
  readonly channelItems: readonly string[];
}

export const registerItem = defineCommand<RegisterItem>({
  name: 'RegisterItem',
  streams: ({ item }) => [{ stream: itemStream, id: item }],
  decide({ item, title, unit, sku, channelItems }, read) {
    const before = read.state(itemStream, item).description;
    const known = [...new Set([...(before?.channelItems ?? []), ...channelItems])].sort();
    const same = before?.title === title && before.unit === unit && before.sku === sku && known.length === before.channelItems.length;
    return same
      ? nothing
      : accept(record(itemStream, item, [{ type: 'item.registered', data: { item, title, unit, sku, channelItems: known } }]));
  },
});
