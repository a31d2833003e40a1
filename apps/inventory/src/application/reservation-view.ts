import type { Decimal } from '@instep/values';
import { add, zero } from '@instep/values';

import type { Moved, Quantity, ReservationState } from '../domain/reservation/reservation.ts';
import { isShort, lineKey, reservedInAll } from '../domain/reservation/reservation.ts';

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

/** How the stock of an order stands, line by line, in the order of line ids. */
export function reservationView(orderId: string, state: ReservationState): ReservationView {
  const shipped = quantities(state.shipped);
  const restocked = quantities(state.restocked);
  const lines = state.lines.map((line) => ({
    lineId: line.lineId,
    item: line.item,
    reserved: reservedInAll(line),
    locations: line.reserved.toSorted((a, b) => (a.location < b.location ? -1 : 1)),
    missing: line.missing,
    since: line.since,
    shipped: shipped.get(lineKey(line)) ?? zero,
    restocked: restocked.get(lineKey(line)) ?? zero,
  }));
  lines.sort((a, b) => (lineKey(a) < lineKey(b) ? -1 : 1));
  return { orderId, complete: !isShort(state), lines };
}

/** Without lines of which nothing is left to say: they were known, but which of them depends on when the order was heard of. */
export function withoutIdleLines(view: ReservationView): ReservationView {
  const says = (line: ReservationLineView): boolean =>
    [line.reserved, line.missing, line.shipped, line.restocked].some((one) => one !== zero);
  return { ...view, lines: view.lines.filter(says) };
}

function quantities(moved: readonly Moved[]): ReadonlyMap<string, Decimal> {
  const sums = new Map<string, Decimal>();
  for (const one of moved) sums.set(lineKey(one), add(sums.get(lineKey(one)) ?? zero, one.quantity));
  return sums;
}
