import type { Decimal } from '@instep/values';
import { divide, isZero, minorUnits, multiply, round, zero } from '@instep/values';

export interface Worth {
  readonly currency: string | null;
  readonly onHand: Decimal;
  readonly value: Decimal;
  readonly lastCost: Decimal;
}

/**
 * What `quantity` units are worth at the weighted average, in steps of the currency. The last units take what is left,
 * so that value and stock reach zero together.
 */
export function averageCost(worth: Worth, quantity: Decimal): Decimal {
  if (worth.currency === null || isZero(quantity)) return zero;
  if (quantity === worth.onHand) return worth.value;
  const scale = minorUnits(worth.currency);
  if (isZero(worth.onHand)) return round(multiply(quantity, worth.lastCost), scale);
  return divide(multiply(worth.value, quantity), worth.onHand, scale);
}
