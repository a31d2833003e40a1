import type { EventOf } from '@instep/contracts';
import type { StreamDefinition } from '@instep/decider';
import type { Decimal } from '@instep/values';
import { add, decimal, divide, negate, zero } from '@instep/values';

import type { ReservationEvent } from '../reservation/reservation-event.ts';
import { linesOfItem } from './lines-of-item.ts';
import type { Place } from './place.ts';
import { movePlace } from './place.ts';
import type { Waiting } from './waiting-list.ts';
import { lessWaiting, waitInstead } from './waiting-list.ts';

export type ItemEvent = EventOf<'item.registered' | 'stock.received' | 'stock.adjusted'>;

export interface ItemDescription {
  readonly title: string;
  readonly unit: string;
  readonly sku: string | null;
  readonly channelItems: readonly string[];
}

/**
 * One item at all its locations. What orders do to it is recorded in their reservations, and a rebuild reads those in another order:
 * everything here that a reservation changes is a sum or a sorted set.
 */
export interface ItemState {
  readonly description: ItemDescription | null;
  /** Of `value` and of all costs; null until the first receipt. */
  readonly currency: string | null;
  /** Of all that is on hand. */
  readonly value: Decimal;
  /** Of one unit in the last receipt: what goods are worth when none are left to take the average of. */
  readonly lastCost: Decimal;
  readonly places: readonly Place[];
  readonly waiting: readonly Waiting[];
}

const unitCostScale = 6;

export const itemStream: StreamDefinition<ItemState, ItemEvent | ReservationEvent> = {
  name: 'item',

  initial: () => ({ description: null, currency: null, value: zero, lastCost: zero, places: [], waiting: [] }),

  touchedBy(event) {
    const { type, data } = event as ItemEvent | ReservationEvent;
    switch (type) {
      case 'stock.reserved':
      case 'stock.short':
      case 'stock.shipped':
      case 'stock.restocked':
        return distinct(data.lines);
      case 'stock.released':
        return distinct([...data.lines, ...data.waived]);
      default:
        return [];
    }
  },

  evolve(state, { type, data }, item) {
    switch (type) {
      case 'item.registered': {
        const { title, unit, sku, channelItems } = data;
        return { ...state, description: { title, unit, sku, channelItems } };
      }
      case 'stock.received': {
        const quantity = decimal(data.quantity);
        const cost = decimal(data.cost);
        return {
          ...state,
          currency: data.currency,
          value: add(state.value, cost),
          lastCost: divide(cost, quantity, unitCostScale),
          places: movePlace(state.places, data.location, quantity, zero),
        };
      }
      case 'stock.adjusted':
        return {
          ...state,
          value: add(state.value, decimal(data.cost)),
          places: movePlace(state.places, data.location, decimal(data.quantity), zero),
        };
      case 'stock.reserved': {
        let { places, waiting } = state;
        for (const line of linesOfItem(data.lines, item)) {
          const quantity = decimal(line.quantity);
          places = movePlace(places, line.location, zero, quantity);
          waiting = lessWaiting(waiting, data.orderId, line.lineId, quantity);
        }
        return { ...state, places, waiting };
      }
      case 'stock.short':
        return { ...state, waiting: waitInstead(state.waiting, data.orderId, linesOfItem(data.lines, item)) };
      case 'stock.released': {
        let { places, waiting } = state;
        for (const line of linesOfItem(data.lines, item)) places = movePlace(places, line.location, zero, negate(decimal(line.quantity)));
        for (const line of linesOfItem(data.waived, item))
          waiting = lessWaiting(waiting, data.orderId, line.lineId, decimal(line.quantity));
        return { ...state, places, waiting };
      }
      case 'stock.shipped': {
        let { places, value } = state;
        for (const line of linesOfItem(data.lines, item)) {
          places = movePlace(places, line.location, negate(decimal(line.quantity)), zero);
          for (const taken of line.reserved) places = movePlace(places, taken.location, zero, negate(decimal(taken.quantity)));
          value = add(value, negate(decimal(line.cost)));
        }
        return { ...state, places, value };
      }
      case 'stock.restocked': {
        let { places, value } = state;
        for (const line of linesOfItem(data.lines, item)) {
          places = movePlace(places, line.location, decimal(line.quantity), zero);
          value = add(value, decimal(line.cost));
        }
        return { ...state, places, value };
      }
      default:
        return unknownEvent(type);
    }
  },
};

function distinct(lines: readonly { readonly item: string }[]): readonly string[] {
  const [first] = lines;
  return lines.length === 1 && first ? [first.item] : [...new Set(lines.map((line) => line.item))];
}

function unknownEvent(type: never): never {
  throw new Error(`an item cannot be folded over the event ${String(type)}`);
}
