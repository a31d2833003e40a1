import type { Refusal } from '@instep/decider';
import { add, compare, decimal, isNegative, isZero, negate, zero } from '@instep/values';

import { averageCost } from './cost.ts';
import type { ItemEvent, ItemState } from './item.ts';
import { onHandInAll } from './place.ts';
import { unknownItem } from './receive-stock.ts';

export interface AdjustStock {
  readonly item: string;
  readonly location: string;
  /** The difference, not the count. */
  readonly quantity: string;
  readonly reason: string;
}

export function decideAdjustment(adjustment: AdjustStock, state: ItemState): readonly ItemEvent[] | Refusal {
  const { item, location, reason } = adjustment;
  const quantity = decimal(adjustment.quantity);
  if (!state.description) return unknownItem(item);
  if (isZero(quantity)) return { code: 'item/nothing-adjusted', message: 'An adjustment needs a quantity other than zero.' };
  const place = state.places.find((one) => one.location === location);
  const onHand = place?.onHand ?? zero;
  const reserved = place?.reserved ?? zero;
  const after = add(onHand, quantity);
  if (isNegative(after)) {
    return { code: 'item/below-zero', message: `Only ${onHand} of ${item} are at ${location}.`, details: { item, location, onHand } };
  }
  if (compare(after, reserved) < 0) {
    return {
      code: 'item/below-reserved',
      message: `${reserved} of ${item} at ${location} are set aside for orders; release them first.`,
      details: { item, location, onHand, reserved },
    };
  }
  const worth = { currency: state.currency, lastCost: state.lastCost, value: state.value, onHand: onHandInAll(state.places) };
  const cost = isNegative(quantity) ? negate(averageCost(worth, negate(quantity))) : averageCost(worth, quantity);
  return [{ type: 'stock.adjusted', data: { item, location, quantity, cost, currency: state.currency, reason, orderId: null } }];
}
