import type { Decimal } from '@instep/values';
import { add, isZero, maximum, minimum, subtract, sum, zero } from '@instep/values';

import type { Quantity, ReservedLine } from './reservation.ts';
import { reservedInAll } from './reservation.ts';
import type { Shelf } from './shelf.ts';
import { freeInAll, spread } from './shelf.ts';

/** A line of the order: what it needs now, and what it had. */
export interface LineNeed {
  readonly lineId: string;
  readonly item: string;
  readonly quantity: Decimal;
  readonly before: ReservedLine | undefined;
}

export interface LineChange {
  readonly need: LineNeed;
  readonly more: readonly Quantity[];
  readonly less: readonly Quantity[];
  readonly missing: Decimal;
}

export function isServed(need: LineNeed): boolean {
  const { before } = need;
  return before ? add(reservedInAll(before), before.missing) === need.quantity : isZero(need.quantity);
}

/**
 * Sets an item aside for the lines of one order, as if for the first time: so it does not matter by which steps the order came to be.
 * What others have waited for is theirs, except what this order held already (`netLeft` of which has left with its shipments).
 */
export function setAside(orderId: string, shelf: Shelf, needs: readonly LineNeed[], netLeft: Decimal, wished: string | null): LineChange[] {
  const free = new Map(shelf.free);
  let quota = allowance(orderId, shelf, needs, netLeft);
  return needs.map((need) => {
    const quantity = minimum(need.quantity, quota);
    quota = subtract(quota, quantity);
    const parts = spread(free, { location: wished, richest: shelf.untouched }, quantity);
    for (const part of parts) free.set(part.location, subtract(free.get(part.location) ?? zero, part.quantity));
    const before = need.before?.reserved ?? [];
    return { need, more: excess(parts, before), less: excess(before, parts), missing: subtract(need.quantity, quantity) };
  });
}

function allowance(orderId: string, shelf: Shelf, needs: readonly LineNeed[], netLeft: Decimal): Decimal {
  const there = freeInAll(shelf);
  if (shelf.state.waiting.length === 0) return there;
  const held = sum(needs.flatMap((need) => need.before?.reserved.map((part) => part.quantity) ?? []));
  const kept = minimum(there, maximum(zero, subtract(held, netLeft)));
  let spare = subtract(there, kept);
  for (const [, waitingOrder, , missing] of shelf.state.waiting) {
    if (isZero(spare)) break;
    if (waitingOrder !== orderId) spare = subtract(spare, minimum(spare, missing));
  }
  return add(kept, spare);
}

function excess(of: readonly Quantity[], over: readonly Quantity[]): Quantity[] {
  if (over.length === 0) return [...of];
  return of.flatMap(({ location, quantity }) => {
    const other = over.find((part) => part.location === location)?.quantity ?? zero;
    const more = subtract(quantity, minimum(quantity, other));
    return isZero(more) ? [] : [{ location, quantity: more }];
  });
}
