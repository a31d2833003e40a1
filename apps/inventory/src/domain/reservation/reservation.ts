import type { EventOf } from '@instep/contracts';
import type { StreamDefinition } from '@instep/decider';
import type { Decimal } from '@instep/values';
import { add, decimal, isZero, maximum, negate, subtract, zero } from '@instep/values';

import type { ReservationEvent } from './reservation-event.ts';

export interface Quantity {
  readonly location: string;
  readonly quantity: Decimal;
}

export interface ReservedLine {
  readonly lineId: string;
  readonly item: string;
  readonly reserved: readonly Quantity[];
  readonly missing: Decimal;
  /** When it began to wait; null when it does not. */
  readonly since: string | null;
}

/** Goods of a line that left or came back, at one location, as the shipment or refund `document` tells it. */
export interface Moved {
  readonly document: string;
  readonly lineId: string;
  readonly item: string;
  readonly location: string;
  readonly quantity: Decimal;
  readonly cost: Decimal;
  /** How much of it the books did not have. */
  readonly found: Decimal;
}

/** Goods that a refund declared gone before they were shipped. */
export interface Gone {
  readonly item: string;
  readonly location: string;
  readonly quantity: Decimal;
  readonly cost: Decimal;
}

/** What has been done for one order. A line, once known, stays: what is zero is told too. */
export interface ReservationState {
  /** Where the order would like its goods from, as known when it began to wait. */
  readonly location: string | null;
  /** Whether it was last told that nothing is missing. */
  readonly complete: boolean;
  readonly lines: readonly ReservedLine[];
  readonly shipped: readonly Moved[];
  readonly restocked: readonly Moved[];
  readonly gone: readonly Gone[];
}

export const goneReason = 'refunded-not-restocked';

export const reservationStream: StreamDefinition<ReservationState, ReservationEvent | EventOf<'stock.adjusted'>> = {
  name: 'reservation',

  initial: () => ({ location: null, complete: false, lines: [], shipped: [], restocked: [], gone: [] }),

  /** Goods that are gone are adjusted in the item; their order remembers it, so that it can be taken back. */
  touchedBy(event) {
    const { type, data } = event as EventOf<'stock.adjusted'> | EventOf<'stock.received'>;
    return type === 'stock.adjusted' && data.reason === goneReason && data.orderId !== null ? [data.orderId] : [];
  },

  evolve(state, { type, data }) {
    switch (type) {
      case 'stock.reserved': {
        const lines = changeLines(state.lines, data.lines, (line, { location, quantity }) => {
          const missing = maximum(zero, subtract(line.missing, decimal(quantity)));
          return {
            ...line,
            reserved: moveQuantity(line.reserved, location, decimal(quantity)),
            missing,
            since: isZero(missing) ? null : line.since,
          };
        });
        return { ...state, lines, complete: data.complete };
      }
      case 'stock.short': {
        const missingNone = state.lines.map((line) => (isZero(line.missing) ? line : { ...line, missing: zero, since: null }));
        const lines = changeLines(missingNone, data.lines, (line, { missing, since }) => ({ ...line, missing: decimal(missing), since }));
        return { ...state, location: data.locationId, lines, complete: false };
      }
      case 'stock.released': {
        const freed = changeLines(state.lines, data.lines, (line, { location, quantity }) => ({
          ...line,
          reserved: moveQuantity(line.reserved, location, negate(decimal(quantity))),
        }));
        const lines = changeLines(freed, data.waived, (line, { quantity }) => {
          const missing = subtract(line.missing, decimal(quantity));
          return { ...line, missing, since: isZero(missing) ? null : line.since };
        });
        return { ...state, lines, complete: data.complete };
      }
      case 'stock.shipped': {
        const lines = changeLines(state.lines, data.lines, (line, { reserved }) => ({
          ...line,
          reserved: reserved.reduce((left, taken) => moveQuantity(left, taken.location, negate(decimal(taken.quantity))), line.reserved),
        }));
        const shipped = addMoved(
          state.shipped,
          data.lines.map(({ lineId, item, location, quantity, found, cost }) => ({
            document: data.shipmentId,
            lineId,
            item,
            location,
            quantity: decimal(quantity),
            cost: decimal(cost),
            found: decimal(found),
          })),
        );
        return { ...state, lines, shipped };
      }
      case 'stock.restocked': {
        const restocked = addMoved(
          state.restocked,
          data.lines.map(({ lineId, item, location, quantity, cost }) => ({
            document: data.refundId,
            lineId,
            item,
            location,
            quantity: decimal(quantity),
            cost: decimal(cost),
            found: zero,
          })),
        );
        return { ...state, restocked };
      }
      case 'stock.adjusted':
        return { ...state, gone: addGone(state.gone, data) };
      default:
        return unknownEvent(type);
    }
  },
};

export function reservedInAll(line: ReservedLine): Decimal {
  return line.reserved.reduce((total, part) => add(total, part.quantity), zero);
}

export function isShort(state: ReservationState): boolean {
  return state.lines.some((line) => !isZero(line.missing));
}

/** One line of an order can change its item while it is held: each item it ever had is a line of its own here. */
export function lineKey(line: { readonly lineId: string; readonly item: string }): string {
  return `${line.lineId}\u0000${line.item}`;
}

function changeLines<Change extends { readonly lineId: string; readonly item: string }>(
  lines: readonly ReservedLine[],
  changes: readonly Change[],
  change: (line: ReservedLine, by: Change) => ReservedLine,
): readonly ReservedLine[] {
  if (changes.length === 0) return lines;
  const next = new Map(lines.map((line) => [lineKey(line), line]));
  for (const by of changes) {
    const key = lineKey(by);
    const line = next.get(key) ?? { lineId: by.lineId, item: by.item, reserved: [], missing: zero, since: null };
    next.set(key, change(line, by));
  }
  return [...next.values()];
}

function moveQuantity(parts: readonly Quantity[], location: string, quantity: Decimal): readonly Quantity[] {
  const before = parts.find((part) => part.location === location);
  if (!before) return isZero(quantity) ? parts : [...parts, { location, quantity }];
  const after = add(before.quantity, quantity);
  return isZero(after)
    ? parts.filter((part) => part !== before)
    : parts.map((part) => (part === before ? { location, quantity: after } : part));
}

function addMoved(all: readonly Moved[], more: readonly Moved[]): readonly Moved[] {
  const next = new Map(all.map((one) => [movedKey(one), one]));
  for (const by of more) {
    const key = movedKey(by);
    const before = next.get(key);
    const after = before
      ? { ...by, quantity: add(before.quantity, by.quantity), cost: add(before.cost, by.cost), found: add(before.found, by.found) }
      : by;
    if (isZero(after.quantity)) next.delete(key);
    else next.set(key, after);
  }
  return [...next.values()];
}

function movedKey({ document, lineId, item, location }: Moved): string {
  return [document, lineId, item, location].join('\u0000');
}

/** Sorted, because adjustments of different items are read in another order by a rebuild. */
function addGone(all: readonly Gone[], { item, location, quantity, cost }: EventOf<'stock.adjusted'>['data']): readonly Gone[] {
  const index = all.findIndex((one) => one.item > item || (one.item === item && one.location >= location));
  const at = index < 0 ? all.length : index;
  const found = all[at];
  const before = found?.item === item && found.location === location ? found : undefined;
  const after: Gone = {
    item,
    location,
    quantity: subtract(before?.quantity ?? zero, decimal(quantity)),
    cost: subtract(before?.cost ?? zero, decimal(cost)),
  };
  return all.toSpliced(at, before ? 1 : 0, ...(isZero(after.quantity) ? [] : [after]));
}

function unknownEvent(type: never): never {
  throw new Error(`a reservation cannot be folded over the event ${String(type)}`);
}
