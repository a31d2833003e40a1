import type { Amounts } from '@instep/contracts';
import type { Decimal } from '@instep/values';
import { add, decimal, isNegative, isZero, multiply, subtract, zero } from '@instep/values';

/** Amounts whose texts are known to be decimals in their shortest spelling. */
export interface ExactAmounts {
  readonly shop: Decimal;
  readonly presentment?: Decimal;
}

export const noAmounts: ExactAmounts = { shop: zero };

export function exact(amounts: Amounts): ExactAmounts {
  const shop = decimal(amounts.shop);
  return amounts.presentment === undefined ? { shop } : { shop, presentment: decimal(amounts.presentment) };
}

export function plus(a: ExactAmounts, b: ExactAmounts): ExactAmounts {
  return isNone(b) ? a : isNone(a) ? b : both(a, b, add);
}

export function minus(a: ExactAmounts, b: ExactAmounts): ExactAmounts {
  return isNone(b) ? a : both(a, b, subtract);
}

export function times(a: ExactAmounts, quantity: Decimal): ExactAmounts {
  if (quantity === '1') return a;
  const shop = multiply(a.shop, quantity);
  return a.presentment === undefined ? { shop } : { shop, presentment: multiply(a.presentment, quantity) };
}

export function isNone(a: ExactAmounts): boolean {
  return isZero(a.shop) && (a.presentment === undefined || isZero(a.presentment));
}

export function isBelowZero(a: ExactAmounts): boolean {
  return isNegative(a.shop) || (a.presentment !== undefined && isNegative(a.presentment));
}

function both(a: ExactAmounts, b: ExactAmounts, of: (x: Decimal, y: Decimal) => Decimal): ExactAmounts {
  const shop = of(a.shop, b.shop);
  if (a.presentment === undefined && b.presentment === undefined) return { shop };
  return { shop, presentment: of(a.presentment ?? zero, b.presentment ?? zero) };
}
