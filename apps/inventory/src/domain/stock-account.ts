import type { Decimal } from '@instep/values';
import { add, compare, decimal, isNegative, isZero, negate, subtract, sum, zero } from '@instep/values';

import type { ItemEvent, ItemState } from './item/item.ts';
import type { ReservationEvent } from './reservation/reservation-event.ts';
import type { ReservationState } from './reservation/reservation.ts';

/** What the log says of one item at one location, summed up without any of the folds that decisions use. */
interface Account {
  onHand: Decimal;
  reserved: Decimal;
}

export interface Books {
  readonly items: ReadonlyMap<string, ItemState>;
  readonly reservations: ReadonlyMap<string, ReservationState>;
}

/**
 * Checks that stock is conserved: received + adjusted - shipped + restocked = on hand >= reserved >= 0 at every location, what the
 * reservations hold is what the items have set aside, values add up to the costs told, and nobody waits while something is free.
 * Gives one sentence per fault, none when the books are right.
 */
export function stockFaults(events: Iterable<ItemEvent | ReservationEvent>, { items, reservations }: Books): string[] {
  const accounts = new Map<string, Account>();
  const values = new Map<string, Decimal>();
  const move = (item: string, location: string, onHand: Decimal, reserved: Decimal): void => {
    const account = accounts.get(placeKey(item, location)) ?? { onHand: zero, reserved: zero };
    accounts.set(placeKey(item, location), { onHand: add(account.onHand, onHand), reserved: add(account.reserved, reserved) });
  };
  const worth = (item: string, cost: Decimal): void => {
    values.set(item, add(values.get(item) ?? zero, cost));
  };
  for (const event of events) bookEvent(event, move, worth);
  return [
    ...placeFaults(accounts, items),
    ...valueFaults(values, items),
    ...reservationFaults({ items, reservations }),
    ...waitingFaults(items),
  ];
}

function bookEvent(
  { type, data }: ItemEvent | ReservationEvent,
  move: (item: string, location: string, onHand: Decimal, reserved: Decimal) => void,
  worth: (item: string, cost: Decimal) => void,
): void {
  switch (type) {
    case 'stock.received':
    case 'stock.adjusted':
      move(data.item, data.location, decimal(data.quantity), zero);
      worth(data.item, decimal(data.cost));
      break;
    case 'stock.reserved':
      for (const line of data.lines) move(line.item, line.location, zero, decimal(line.quantity));
      break;
    case 'stock.released':
      for (const line of data.lines) move(line.item, line.location, zero, negate(decimal(line.quantity)));
      break;
    case 'stock.shipped':
      for (const line of data.lines) {
        move(line.item, line.location, negate(decimal(line.quantity)), zero);
        for (const taken of line.reserved) move(line.item, taken.location, zero, negate(decimal(taken.quantity)));
        worth(line.item, negate(decimal(line.cost)));
      }
      break;
    case 'stock.restocked':
      for (const line of data.lines) {
        move(line.item, line.location, decimal(line.quantity), zero);
        worth(line.item, decimal(line.cost));
      }
      break;
    case 'item.registered':
    case 'stock.short':
      break;
  }
}

function placeFaults(accounts: ReadonlyMap<string, Account>, items: ReadonlyMap<string, ItemState>): string[] {
  const faults: string[] = [];
  const seen = new Set<string>();
  for (const [item, state] of items) {
    for (const { location, onHand, reserved } of state.places) {
      const at = `${item} at ${location}`;
      const account = accounts.get(placeKey(item, location)) ?? { onHand: zero, reserved: zero };
      seen.add(placeKey(item, location));
      if (account.onHand !== onHand) faults.push(`${at}: ${onHand} on hand, the events say ${account.onHand}`);
      if (account.reserved !== reserved) faults.push(`${at}: ${reserved} reserved, the events say ${account.reserved}`);
      if (isNegative(reserved)) faults.push(`${at}: ${reserved} reserved`);
      if (compare(onHand, reserved) < 0) faults.push(`${at}: ${reserved} reserved of ${onHand} on hand`);
    }
  }
  for (const key of accounts.keys()) if (!seen.has(key)) faults.push(`${key}: events, but no place`);
  return faults;
}

function valueFaults(values: ReadonlyMap<string, Decimal>, items: ReadonlyMap<string, ItemState>): string[] {
  const faults: string[] = [];
  for (const [item, state] of items) {
    const told = values.get(item) ?? zero;
    if (told !== state.value) faults.push(`${item}: worth ${state.value}, the events say ${told}`);
    if (isNegative(state.value)) faults.push(`${item}: worth ${state.value}`);
    const onHand = sum(state.places.map((place) => place.onHand));
    if (isZero(onHand) && !isZero(state.value)) faults.push(`${item}: none on hand, yet worth ${state.value}`);
  }
  return faults;
}

function reservationFaults({ items, reservations }: Books): string[] {
  const held = new Map<string, Decimal>();
  const missing = new Map<string, Decimal>();
  for (const { lines } of reservations.values()) {
    for (const line of lines) {
      missing.set(line.item, add(missing.get(line.item) ?? zero, line.missing));
      for (const { location, quantity } of line.reserved) {
        const key = placeKey(line.item, location);
        held.set(key, add(held.get(key) ?? zero, quantity));
      }
    }
  }
  const faults: string[] = [];
  for (const [item, state] of items) {
    const waiting = sum(state.waiting.map((entry) => entry[3]));
    if (waiting !== (missing.get(item) ?? zero))
      faults.push(`${item}: ${waiting} waited for, the reservations miss ${missing.get(item) ?? zero}`);
    for (const { location, reserved } of state.places) {
      const sumHeld = held.get(placeKey(item, location)) ?? zero;
      if (sumHeld !== reserved) faults.push(`${item} at ${location}: ${reserved} reserved, the reservations hold ${sumHeld}`);
    }
  }
  return faults;
}

function waitingFaults(items: ReadonlyMap<string, ItemState>): string[] {
  const faults: string[] = [];
  for (const [item, { places, waiting }] of items) {
    const free = sum(places.map((place) => subtract(place.onHand, place.reserved)));
    if (waiting.length > 0 && !isZero(free)) faults.push(`${item}: ${waiting.length} lines wait although ${free} are free`);
  }
  return faults;
}

function placeKey(item: string, location: string): string {
  return `${item} at ${location}`;
}
