import type { EventData } from '@instep/contracts';

import { contentHash } from '../content-hash.ts';
import type { Node } from './read.ts';
import { id, instant, optionalDecimal } from './read.ts';

/** A level of the topics `inventory_levels/update` and `inventory_levels/connect`. Throws UnmappableBody. */
export function mapStock(level: Node, channel: string): EventData<'channel-stock.reported'> {
  const facts = {
    channel,
    inventoryItemId: id(level, 'inventory_item_id'),
    locationId: id(level, 'location_id'),
    available: optionalDecimal(level, 'available') ?? null,
  };
  return { ...facts, reportedAt: instant(level, 'updated_at'), contentHash: contentHash(facts) };
}
