import type { Decimal } from '@instep/values';
import { add, divide, isZero, minimum, multiply, negate, subtract, sum, zero } from '@instep/values';

import { grouped } from '../grouped.ts';
import type { ItemState } from '../item/item.ts';
import { difference, minorUnitsOf } from './difference.ts';
import type { Gone, Moved, ReservationState } from './reservation.ts';
import { goneReason, lineKey } from './reservation.ts';
import type { Shelf, Wish } from './shelf.ts';
import { firstChoice, putIn, spread, takeOut } from './shelf.ts';
import type { MoveTarget, Target } from './target.ts';

/** A change of the books beside what was told: goods that were not accounted for, or are gone. The sign is that of the stock. */
export interface Adjustment {
  readonly item: string;
  readonly location: string;
  readonly quantity: Decimal;
  readonly cost: Decimal;
  readonly reason: string;
}

/** Goods that leave or come in, in the order in which they do. Negative quantities take earlier ones back. */
export interface Movements {
  readonly shippedBack: readonly Moved[];
  readonly restockedBack: readonly Moved[];
  readonly shipped: readonly Moved[];
  readonly restocked: readonly Moved[];
  readonly found: readonly Adjustment[];
  readonly gone: readonly Adjustment[];
}

const foundReason = 'found-at-shipment';
const none: Movements = { shippedBack: [], restockedBack: [], shipped: [], restocked: [], found: [], gone: [] };

/** The items whose goods have to move. */
export function movingItems(target: Target, done: ReservationState, itemState: (item: string) => ItemState): ReadonlySet<string> {
  const scaleOf = scales(itemState);
  const moving = new Set<string>();
  for (const { undone, due } of [
    difference(target.shipped, done.shipped, scaleOf),
    difference(target.restocked, done.restocked, scaleOf),
  ]) {
    for (const { item } of [...undone, ...due]) moving.add(item);
  }
  for (const [item, { missing, surplus }] of goneDifference(target, done.gone, scaleOf)) {
    if (!isZero(missing) || !isZero(surplus)) moving.add(item);
  }
  return moving;
}

/** Moves the goods on the shelves, first back, then on. */
export function move(
  target: Target,
  done: ReservationState,
  wished: string | null,
  shelfOfItem: (item: string) => Shelf,
  itemState: (item: string) => ItemState,
): Movements {
  if (target.shipped.length + target.restocked.length + target.gone.size + done.shipped.length + done.gone.length === 0) return none;
  const scaleOf = scales(itemState);
  const shipments = difference(target.shipped, done.shipped, scaleOf);
  const returns = difference(target.restocked, done.restocked, scaleOf);
  const goneBy = goneDifference(target, done.gone, scaleOf);
  const found: Adjustment[] = [];
  const gone: Adjustment[] = [];

  function take(item: string, location: string, quantity: Decimal, cost?: Decimal): { readonly cost: Decimal; readonly found: Decimal } {
    const taken = takeOut(shelfOfItem(item), location, quantity, cost);
    if (!isZero(taken.found)) found.push({ item, location, quantity: taken.found, cost: taken.foundCost, reason: foundReason });
    return taken;
  }

  for (const back of shipments.undone) {
    const { item, location } = back;
    putIn(shelfOfItem(item), location, negate(back.quantity), negate(back.cost));
    if (isZero(back.found)) continue;
    // It was found only because it was said to have left: that it had been there is no longer known.
    const quantity = negate(back.found);
    const part =
      quantity === negate(back.quantity)
        ? negate(back.cost)
        : divide(multiply(back.cost, back.found), negate(back.quantity), scaleOf(item));
    const { cost } = take(item, location, quantity, part);
    found.push({ item, location, quantity: back.found, cost: negate(cost), reason: foundReason });
  }
  for (const { surplusOf } of goneBy.values()) {
    for (const { item, location, quantity, cost } of surplusOf) {
      putIn(shelfOfItem(item), location, quantity, cost);
      gone.push({ item, location, quantity, cost, reason: goneReason });
    }
  }
  const restockedBack = returns.undone.map((back) => {
    const { cost } = take(back.item, back.location, negate(back.quantity), negate(back.cost));
    return { ...back, cost: negate(cost) };
  });
  const shipped = shipments.due.flatMap((due) =>
    placesFor(shelfOfItem(due.item), due, wished).map(({ location, quantity }) => {
      const { document, lineId, item } = due;
      return { document, lineId, item, location, quantity, ...take(item, location, quantity) };
    }),
  );
  for (const [item, { missing }] of goneBy) {
    if (isZero(missing)) continue;
    for (const { location, quantity } of spread(shelfOfItem(item).free, wishAt(shelfOfItem(item), wished), missing)) {
      const { cost } = take(item, location, quantity);
      gone.push({ item, location, quantity: negate(quantity), cost: negate(cost), reason: goneReason });
    }
  }
  const away = awayByLine([...done.shipped, ...shipments.undone, ...shipped], [...done.restocked, ...restockedBack]);
  const restocked = returns.due.flatMap((due) => {
    const { document, lineId, item } = due;
    const left = away.get(lineKey(due));
    if (!left) return [];
    const location = due.location ?? firstChoice(wishAt(shelfOfItem(item), wished));
    const quantity = minimum(due.quantity, left.quantity);
    if (isZero(quantity)) return [];
    const cost = quantity === left.quantity ? left.cost : divide(multiply(left.cost, quantity), left.quantity, scaleOf(item));
    left.quantity = subtract(left.quantity, quantity);
    left.cost = subtract(left.cost, cost);
    putIn(shelfOfItem(item), location, quantity, cost);
    return [{ document, lineId, item, location, quantity, cost, found: zero }];
  });
  return { shippedBack: shipments.undone, restockedBack, shipped, restocked, found, gone };
}

function scales(itemState: (item: string) => ItemState): (item: string) => number {
  return (item) => minorUnitsOf(itemState(item).currency);
}

function placesFor(shelf: Shelf, due: MoveTarget, wished: string | null): { readonly location: string; readonly quantity: Decimal }[] {
  if (due.location !== null) return [{ location: due.location, quantity: due.quantity }];
  const wish = wishAt(shelf, wished);
  const parts = spread(shelf.free, wish, due.quantity);
  const rest = subtract(due.quantity, sum(parts.map((part) => part.quantity)));
  return isZero(rest) ? parts : addPart(parts, firstChoice(wish), rest);
}

function wishAt(shelf: Shelf, location: string | null): Wish {
  return { location, richest: shelf.untouched };
}

function addPart(parts: { readonly location: string; readonly quantity: Decimal }[], location: string, quantity: Decimal) {
  const there = parts.find((part) => part.location === location);
  if (!there) return [...parts, { location, quantity }];
  return parts.map((part) => (part === there ? { location, quantity: add(part.quantity, quantity) } : part));
}

/** What of each line is with the buyer, at the cost it left with. */
function awayByLine(left: readonly Moved[], back: readonly Moved[]): ReadonlyMap<string, { quantity: Decimal; cost: Decimal }> {
  const away = new Map<string, { quantity: Decimal; cost: Decimal }>();
  for (const moved of left) {
    const before = away.get(lineKey(moved)) ?? { quantity: zero, cost: zero };
    away.set(lineKey(moved), { quantity: add(before.quantity, moved.quantity), cost: add(before.cost, moved.cost) });
  }
  for (const moved of back) {
    const before = away.get(lineKey(moved));
    if (!before) continue;
    before.quantity = subtract(before.quantity, moved.quantity);
    before.cost = subtract(before.cost, moved.cost);
  }
  return away;
}

interface GoneDifference {
  readonly missing: Decimal;
  readonly surplus: Decimal;
  /** Which of the goods that were taken out come back. */
  readonly surplusOf: readonly Gone[];
}

function goneDifference(target: Target, done: readonly Gone[], scaleOf: (item: string) => number): ReadonlyMap<string, GoneDifference> {
  const differences = new Map<string, GoneDifference>();
  const doneByItem = grouped(done, (one) => one.item);
  for (const item of new Set([...target.gone.keys(), ...doneByItem.keys()])) {
    const wanted = target.gone.get(item) ?? zero;
    const ofItem = doneByItem.get(item) ?? [];
    const taken = sum(ofItem.map((one) => one.quantity));
    const kept = minimum(wanted, taken);
    differences.set(item, {
      missing: subtract(wanted, kept),
      surplus: subtract(taken, kept),
      surplusOf: partsOf(ofItem, subtract(taken, kept), scaleOf(item)),
    });
  }
  return differences;
}

function partsOf(taken: readonly Gone[], quantity: Decimal, scale: number): Gone[] {
  let left = quantity;
  return taken.flatMap((one) => {
    const part = minimum(one.quantity, left);
    if (isZero(part)) return [];
    left = subtract(left, part);
    return [{ ...one, quantity: part, cost: part === one.quantity ? one.cost : divide(multiply(one.cost, part), one.quantity, scale) }];
  });
}
