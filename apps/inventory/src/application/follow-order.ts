import type { Decided, Reader, StreamRef } from '@instep/decider';
import { accept, defineCommand } from '@instep/decider';
import { isZero } from '@instep/values';

import type { ItemState } from '../domain/item/item.ts';
import { itemStream } from '../domain/item/item.ts';
import { availableInAll } from '../domain/item/place.ts';
import { fillWaiting, servable } from '../domain/reservation/fill-waiting.ts';
import type { OrderDemand } from '../domain/reservation/order-demand.ts';
import { itemsOfOrder, planOrder } from '../domain/reservation/plan-order.ts';
import type { ReservationState } from '../domain/reservation/reservation.ts';
import { reservationStream } from '../domain/reservation/reservation.ts';

export interface FollowOrder {
  readonly orderId: string;
  readonly demand: OrderDemand;
}

/**
 * Makes the stock stand as the facts of an order want it, and gives what that frees to the orders that wait. Which facts came when does
 * not matter: it compares what should be with what has been done.
 */
export const followOrder = defineCommand<FollowOrder>({
  name: 'FollowOrder',
  streams(data, read) {
    const refs: StreamRef[] = [{ stream: reservationStream, id: data.orderId }];
    if (!read.has(reservationStream, data.orderId)) return [...refs, ...itemRefs(itemsOf(data.demand))];
    const items = itemsOfOrder(data.demand, read.state(reservationStream, data.orderId));
    refs.push(...itemRefs(items));
    if (![...items].every((item) => read.has(itemStream, item))) return refs;
    // Only when somebody may be served is the plan made here: what it frees names the reservations to load.
    if (!mayServe(data, items, read)) return refs;
    const { freed } = planAndFree(data, items, read, unusedTime);
    return [...refs, ...freed.flatMap(([, state]) => servable(state).map(({ orderId }) => ({ stream: reservationStream, id: orderId })))];
  },
  decide(data, read, { time }) {
    const items = itemsOfOrder(data.demand, read.state(reservationStream, data.orderId));
    if (!mayServe(data, items, read)) return { events: plan(data, read, time) };
    const { planned, freed, own } = planAndFree(data, items, read, time);
    return accept(
      planned,
      fillWaiting(freed, (orderId) => (orderId === data.orderId ? own : read.state(reservationStream, orderId))),
    );
  },
});

/** Sorts behind every other: a line that begins to wait now waits last, whatever the time is. */
const unusedTime = '9999-12-31T23:59:59Z';

function itemsOf(demand: OrderDemand): ReadonlySet<string> {
  return itemsOfOrder(demand, reservationStream.initial(''));
}

function itemRefs(items: ReadonlySet<string>): StreamRef[] {
  return [...items].map((id) => ({ stream: itemStream, id }));
}

/** Whether the plan can leave free stock of an item that somebody waits for. A new order cannot, when all is set aside already. */
function mayServe({ orderId, demand }: FollowOrder, items: ReadonlySet<string>, read: Reader): boolean {
  const { lines, shipped, gone } = read.state(reservationStream, orderId);
  const isNew = lines.length + shipped.length + gone.length + demand.shipments.length === 0;
  for (const item of items) {
    const { waiting, places } = read.state(itemStream, item);
    if (waiting.length > 0 && !(isNew && isZero(availableInAll(places)))) return true;
  }
  return false;
}

function plan({ orderId, demand }: FollowOrder, read: Reader, time: string): readonly Decided[] {
  return planOrder({
    orderId,
    demand,
    reservation: read.state(reservationStream, orderId),
    itemState: (item) => read.state(itemStream, item),
    time,
  });
}

interface Planned {
  readonly planned: readonly Decided[];
  /** The items as they are after the plan. */
  readonly freed: readonly (readonly [string, ItemState])[];
  readonly own: ReservationState;
}

function planAndFree(data: FollowOrder, items: ReadonlySet<string>, read: Reader, time: string): Planned {
  const planned = plan(data, read, time);
  const states = new Map([...items].map((item) => [item, read.state(itemStream, item)]));
  let own = read.state(reservationStream, data.orderId);
  for (const { stream, id, event } of planned) {
    const known = event as Parameters<typeof itemStream.evolve>[1];
    if (stream === reservationStream.name) own = reservationStream.evolve(own, known as Parameters<typeof reservationStream.evolve>[1], id);
    for (const item of stream === itemStream.name ? [id] : (itemStream.touchedBy?.(event) ?? [])) {
      const state = states.get(item);
      if (state) states.set(item, itemStream.evolve(state, known, item));
    }
  }
  return { planned, freed: [...states], own };
}
