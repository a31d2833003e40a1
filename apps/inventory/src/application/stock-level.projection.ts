import type { StateTable } from '@instep/department';
import { stateTable } from '@instep/department';
import type { Decimal } from '@instep/values';
import { allocate, minorUnits } from '@instep/values';

import type { ItemState } from '../domain/item/item.ts';
import { itemStream } from '../domain/item/item.ts';
import { available } from '../domain/item/place.ts';

// Types, not interfaces: rows have an index signature.
export type StockLevelRow = {
  readonly tenant: string;
  readonly item: string;
  readonly location: string;
  readonly onHand: string;
  readonly reserved: string;
  readonly available: string;
  /** The location's part of what the item is worth. */
  readonly value: string;
  readonly currency: string | null;
};

/** One row per item and location. */
export const stockLevel: StateTable<StockLevelRow, ItemState> = stateTable<StockLevelRow, ItemState>({
  table: { name: 'stock_level', key: ['tenant', 'item', 'location'] },
  stream: itemStream,
  rows(state, { tenant, id }) {
    const values = valuesByPlace(state);
    return state.places.map((place, index) => ({
      tenant,
      item: id,
      location: place.location,
      onHand: place.onHand,
      reserved: place.reserved,
      available: available(place),
      value: values[index] ?? '0',
      currency: state.currency,
    }));
  },
});

function valuesByPlace({ value, currency, places }: ItemState): readonly Decimal[] {
  if (places.length === 1) return [value];
  return allocate(
    value,
    places.map((place) => place.onHand),
    currency === null ? 0 : minorUnits(currency),
  );
}
