import type { Decimal } from '@instep/values';
import { add, zero } from '@instep/values';

import type { Moved, Quantity, ReservationState } from '../domain/reservation/reservation.ts';
import { lineKey, reservedInAll } from '../domain/reservation/reservation.ts';

export interface ReservationView {
  readonly orderId: string;
  /** Nothing of the order is missing. */
  readonly complete: boolean;
  readonly lines: readonly ReservationLineView[];
}

export interface ReservationLineView {
  readonly lineId: string;
  readonly item: string;
  readonly reserved: string;
  readonly locations: readonly Quantity[];
  readonly missing: string;
  readonly since: string | null;
  readonly shipped: string;
  readonly restocked: string;
}

/** How the stock of an order stands, line by line. */
export function reservationView(orderId: string, state: ReservationState): ReservationView {
  const shipped = quantities(state.shipped);
  const restocked = quantities(state.restocked);
  const lines = state.lines.map((line) => ({
    lineId: line.lineId,
    item: line.item,
    reserved: reservedInAll(line),
    locations: line.reserved,
    missing: line.missing,
    since: line.since,
    shipped: shipped.get(lineKey(line)) ?? zero,
    restocked: restocked.get(lineKey(line)) ?? zero,
  }));
  return { orderId, complete: state.complete, lines };
}

function quantities(moved: readonly Moved[]): ReadonlyMap<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const one of moved) sums.set(lineKey(one), add(sums.get(lineKey(one)) ?? zero, one.quantity));
  return sums;
}
