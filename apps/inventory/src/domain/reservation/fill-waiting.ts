import type { Decided } from '@instep/decider';
import { record } from '@instep/decider';
import type { Decimal } from '@instep/values';
import { isZero, maximum, minimum, subtract, zero } from '@instep/values';

import { grouped } from '../grouped.ts';
import type { ItemState } from '../item/item.ts';
import { available, availableInAll } from '../item/place.ts';
import type { ReservationState } from './reservation.ts';
import { lineKey, reservationStream } from './reservation.ts';
import { spread } from './shelf.ts';

/** How many orders that wait for an item one decision serves; the rest is served by the next decision that touches the item. */
export const servedAtOnce = 2000;

interface Serving {
  readonly orderId: string;
  readonly lineId: string;
  readonly quantity: Decimal;
}

/** The waiting lines that free stock of the item can serve now, who waits longest first. */
export function servable(state: ItemState): readonly Serving[] {
  if (state.waiting.length === 0) return [];
  const servings: Serving[] = [];
  const orders = new Set<string>();
  let left = availableInAll(state.places);
  for (const [, orderId, lineId, missing] of state.waiting) {
    if (isZero(left) || (orders.size === servedAtOnce && !orders.has(orderId))) break;
    orders.add(orderId);
    const quantity = minimum(missing, left);
    servings.push({ orderId, lineId, quantity });
    left = subtract(left, quantity);
  }
  return servings;
}

/** Sets free stock of these items aside for the orders that wait for it: one event per order. */
export function fillWaiting(
  items: readonly (readonly [string, ItemState])[],
  reservationOf: (orderId: string) => ReservationState,
): readonly Decided[] {
  const linesByOrder = new Map<string, { lineId: string; item: string; location: string; quantity: Decimal }[]>();
  for (const [item, state] of items) {
    const free = new Map(state.places.map((place) => [place.location, available(place)]));
    for (const { orderId, lineId, quantity } of servable(state)) {
      const lines = linesByOrder.get(orderId) ?? [];
      linesByOrder.set(orderId, lines);
      for (const part of spread(free, { location: reservationOf(orderId).location, richest: free }, quantity)) {
        free.set(part.location, subtract(free.get(part.location) ?? zero, part.quantity));
        lines.push({ lineId, item, ...part });
      }
    }
  }
  return [...linesByOrder].flatMap(([orderId, lines]) =>
    record(reservationStream, orderId, [
      { type: 'stock.reserved', data: { orderId, lines, complete: nothingMissing(reservationOf(orderId), lines) } },
    ]),
  );
}

function nothingMissing(
  reservation: ReservationState,
  served: readonly { readonly lineId: string; readonly item: string; readonly quantity: Decimal }[],
): boolean {
  const byLine = grouped(served, lineKey);
  return reservation.lines.every((line) => {
    const left = (byLine.get(lineKey(line)) ?? []).reduce((missing, part) => subtract(missing, part.quantity), line.missing);
    return isZero(maximum(zero, left));
  });
}
