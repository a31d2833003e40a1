import type { Decimal } from '@instep/values';
import { add, compare, isZero, maximum, minimum, subtract, sum, zero } from '@instep/values';

import { averageCost } from '../item/cost.ts';
import type { ItemState } from '../item/item.ts';
import { onHandInAll } from '../item/place.ts';
import type { Quantity } from './reservation.ts';

/**
 * One item as one order sees it while its stock is worked out: at each location, what is on hand less what OTHER orders have set aside.
 * The order's own reservations are dissolved in it. Changed in place; lives for one decision.
 */
export interface Shelf {
  readonly item: string;
  readonly state: ItemState;
  readonly free: Map<string, Decimal>;
  /** What would be free had the order moved nothing yet: where its goods come from must not depend on what it did before. */
  readonly untouched: ReadonlyMap<string, Decimal>;
  onHand: Decimal;
  value: Decimal;
}

export interface Taken {
  readonly cost: Decimal;
  readonly found: Decimal;
  readonly foundCost: Decimal;
}

export const mainLocation = 'main';

/** `own`: what the order has set aside. `left`: what it has already taken from the locations, less what it brought back. */
export function shelfOf(item: string, state: ItemState, own: readonly Quantity[], left: readonly Quantity[]): Shelf {
  const free = new Map<string, Decimal>();
  for (const place of state.places)
    free.set(place.location, isZero(place.reserved) ? place.onHand : subtract(place.onHand, place.reserved));
  for (const { location, quantity } of own) free.set(location, add(free.get(location) ?? zero, quantity));
  const untouched = new Map(free);
  for (const { location, quantity } of left) untouched.set(location, add(untouched.get(location) ?? zero, quantity));
  return { item, state, free, untouched, onHand: onHandInAll(state.places), value: state.value };
}

export function freeInAll(shelf: Shelf): Decimal {
  return sum(shelf.free.values());
}

export function putIn(shelf: Shelf, location: string, quantity: Decimal, cost: Decimal): void {
  shelf.free.set(location, add(shelf.free.get(location) ?? zero, quantity));
  shelf.onHand = add(shelf.onHand, quantity);
  shelf.value = add(shelf.value, cost);
}

/** Takes goods out at the average cost, or at `cost` as far as the value goes. What the books do not have there is found first: nothing goes below zero. */
export function takeOut(shelf: Shelf, location: string, quantity: Decimal, cost?: Decimal): Taken {
  const found = maximum(zero, subtract(quantity, shelf.free.get(location) ?? zero));
  const foundCost = isZero(found) ? zero : worth(shelf, found);
  if (!isZero(found)) putIn(shelf, location, found, foundCost);
  const leaving = cost === undefined || quantity === shelf.onHand ? worth(shelf, quantity) : minimum(cost, shelf.value);
  shelf.free.set(location, subtract(shelf.free.get(location) ?? zero, quantity));
  shelf.onHand = subtract(shelf.onHand, quantity);
  shelf.value = subtract(shelf.value, leaving);
  return { cost: leaving, found, foundCost };
}

function worth(shelf: Shelf, quantity: Decimal): Decimal {
  const { currency, lastCost } = shelf.state;
  return averageCost({ currency, lastCost, onHand: shelf.onHand, value: shelf.value }, quantity);
}

export interface Wish {
  /** The location that comes first. */
  readonly location: string | null;
  /** The others come in the order of what they have here. */
  readonly richest: ReadonlyMap<string, Decimal>;
}

/** Splits a quantity over locations: the wished one first, then the richest, then by name. Gives less when less is there. */
export function spread(free: ReadonlyMap<string, Decimal>, wish: Wish, quantity: Decimal): Quantity[] {
  const parts: Quantity[] = [];
  let left = quantity;
  for (const location of byPreference(free, wish)) {
    if (isZero(left)) break;
    const part = minimum(free.get(location) ?? zero, left);
    parts.push({ location, quantity: part });
    left = subtract(left, part);
  }
  return parts;
}

/** Where goods go that nobody says where they belong. */
export function firstChoice({ location, richest }: Wish): string {
  return location ?? byPreference(richest, { location, richest })[0] ?? mainLocation;
}

function byPreference(free: ReadonlyMap<string, Decimal>, { location: wished, richest }: Wish): string[] {
  const some = [...free].filter(([, there]) => compare(there, zero) > 0).map(([location]) => location);
  if (some.length < 2) return some;
  return some.sort((a, b) => {
    if (a === wished || b === wished) return a === wished ? -1 : 1;
    return compare(richest.get(b) ?? zero, richest.get(a) ?? zero) || (a < b ? -1 : 1);
  });
}
