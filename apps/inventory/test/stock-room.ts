import { checkData, findEvent } from '@instep/contracts';
import type { Command, Context, Decided, DomainEvent, Refusal } from '@instep/decider';
import { decisions } from '@instep/testkit';

import { followOrder } from '../src/application/follow-order.ts';
import { receiveStock } from '../src/application/receive-stock.ts';
import { registerItem } from '../src/application/register-item.ts';
import type { ItemEvent, ItemState } from '../src/domain/item/item.ts';
import { itemStream } from '../src/domain/item/item.ts';
import type { DemandLine, OrderDemand } from '../src/domain/reservation/order-demand.ts';
import { noDemand } from '../src/domain/reservation/order-demand.ts';
import type { ReservationEvent } from '../src/domain/reservation/reservation-event.ts';
import type { ReservationState } from '../src/domain/reservation/reservation.ts';
import { reservationStream } from '../src/domain/reservation/reservation.ts';
import { stockFaults } from '../src/domain/stock-account.ts';

/** A department on a map: commands in, and the books can be looked at at any time. */
export interface StockRoom {
  do(command: Command, context?: Partial<Context>): { readonly events: readonly DomainEvent[]; readonly refused: Refusal | undefined };
  item(id: string): ItemState;
  reservation(orderId: string): ReservationState;
  /** `location: on hand/reserved`, sorted. */
  stock(item: string): string[];
  /** Item and reservation events so far, each with the stream that it is recorded in. */
  readonly log: readonly Decided[];
  faults(): string[];
}

export function stockRoom(): StockRoom {
  const run = decisions([itemStream, reservationStream]);
  const log: Decided[] = [];
  const room: StockRoom = {
    do(command, context) {
      const { events, decided, refused } = run.when(command, context);
      for (const event of events) checkAgainstContract(event);
      log.push(...decided);
      return { events, refused };
    },
    item: (id) => run.state(itemStream, id),
    reservation: (orderId) => run.state(reservationStream, orderId),
    stock: (item) => room.item(item).places.map(({ location, onHand, reserved }) => `${location}: ${onHand}/${reserved}`),
    log,
    faults() {
      const events = log.map((decided) => decided.event as ItemEvent | ReservationEvent);
      const items = new Set(log.flatMap((one) => (one.stream === itemStream.name ? [one.id] : (itemStream.touchedBy?.(one.event) ?? []))));
      const orders = new Set(log.flatMap((one) => (one.stream === reservationStream.name ? [one.id] : [])));
      return stockFaults(events, {
        items: new Map([...items].map((id) => [id, room.item(id)])),
        reservations: new Map([...orders].map((id) => [id, room.reservation(id)])),
      });
    },
  };
  return room;
}

function checkAgainstContract({ type, data }: DomainEvent): void {
  const definition = findEvent(type);
  if (!definition) throw new Error(`no contract for ${type}`);
  checkData(definition, data);
}

export function register(item: string): Command {
  return registerItem.with({ item, title: item, unit: 'piece', sku: item, channelItems: [] });
}

export function receive(item: string, quantity: string, location = 'A', unitCost = '2.00'): Command {
  return receiveStock.with({ item, location, quantity, unitCost, currency: 'EUR', reference: null });
}

export function line(lineId: string, item: string | null, quantity: string): DemandLine {
  return { lineId, item, quantity, stocked: true };
}

export function demand(lines: readonly DemandLine[], facts: Partial<OrderDemand> = {}): OrderDemand {
  return { ...noDemand, placed: true, lines, ...facts };
}

export function follow(orderId: string, facts: OrderDemand): Command {
  return followOrder.with({ orderId, demand: facts });
}

export function shipment(
  id: string,
  lineId: string,
  quantity: string,
  location: string | null = 'A',
  at = '2026-01-02T00:00:00Z',
): OrderDemand['shipments'][number] {
  return { id, at, location, lines: [{ lineId, item: null, quantity }] };
}

export function refund(
  id: string,
  restock: 'none' | 'cancel' | 'return',
  lineId: string,
  quantity: string,
  at = '2026-01-03T00:00:00Z',
  location: string | null = 'A',
): OrderDemand['refunds'][number] {
  return { id, at, lines: [{ lineId, item: null, quantity, restock, location }] };
}
