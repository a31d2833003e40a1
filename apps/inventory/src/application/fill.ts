import type { Decided, Reader, StreamRef } from '@instep/decider';

import type { ItemEvent, ItemState } from '../domain/item/item.ts';
import { itemStream } from '../domain/item/item.ts';
import { fillWaiting, servable } from '../domain/reservation/fill-waiting.ts';
import { reservationStream } from '../domain/reservation/reservation.ts';

/** The reservations of orders that wait for the item and can be served once `events` are recorded. */
export function servedReservations(item: string, events: readonly ItemEvent[], read: Reader): StreamRef[] {
  const after = itemAfter(item, events, read);
  return [...new Set(servable(after).map((serving) => serving.orderId))].map((id) => ({ stream: reservationStream, id }));
}

export function filled(item: string, events: readonly ItemEvent[], read: Reader): readonly Decided[] {
  return fillWaiting([[item, itemAfter(item, events, read)]], (orderId) => read.state(reservationStream, orderId));
}

function itemAfter(item: string, events: readonly ItemEvent[], read: Reader): ItemState {
  return events.reduce((state, event) => itemStream.evolve(state, event, item), read.state(itemStream, item));
}
