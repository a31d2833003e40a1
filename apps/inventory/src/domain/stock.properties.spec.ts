import { describe, expect, it } from '@jest/globals';
import type { Decided } from '@instep/decider';
import fc from 'fast-check';

import { demand, follow, line, receive, refund, register, shipment, stockRoom } from '../../test/stock-room.ts';
import type { StockRoom } from '../../test/stock-room.ts';
import { adjustStock } from '../application/adjust-stock.ts';
import { reservationView, withoutIdleLines } from '../application/reservation-view.ts';
import { grouped } from './grouped.ts';
import type { ItemEvent, ItemState } from './item/item.ts';
import { itemStream } from './item/item.ts';
import type { OrderDemand } from './reservation/order-demand.ts';
import type { ReservationEvent } from './reservation/reservation-event.ts';
import type { ReservationState } from './reservation/reservation.ts';
import { reservationStream } from './reservation/reservation.ts';

const items = ['TEA', 'POT'];
const places = ['A', 'B'];
const item = fc.constantFrom(...items);
const place = fc.constantFrom(...places);
const wished = fc.option(place, { nil: null });
const few = fc.integer({ min: 0, max: 4 }).map(String);
const day = fc.integer({ min: 1, max: 9 }).map((n) => `2026-01-0${n}T00:00:00Z`);
const lineId = fc.constantFrom('1', '2');

const lines = fc
  .tuple(item, item, few, few)
  .map(([one, two, quantityOne, quantityTwo]) => [line('1', one, quantityOne), line('2', two, quantityTwo)]);
const shipments = fc
  .array(fc.tuple(lineId, few, wished, day), { maxLength: 3 })
  .map((all) => all.map(([of, quantity, location, at], n) => shipment(`s${n}`, of, quantity, location, at)));
const refunds = fc
  .array(fc.tuple(fc.constantFrom('none' as const, 'cancel' as const, 'return' as const), lineId, few, day, wished), { maxLength: 3 })
  .map((all) => all.map(([restock, of, quantity, at, location], n) => refund(`r${n}`, restock, of, quantity, at, location)));

const anyDemand: fc.Arbitrary<OrderDemand> = fc
  .record({ lines, shipments, refunds, location: wished, held: fc.boolean(), cancelled: fc.boolean() })
  .map(({ lines: of, ...facts }) => demand(of, facts));

function stocked(quantity: string): StockRoom {
  const room = stockRoom();
  for (const each of items) {
    room.do(register(each));
    for (const at of places) room.do(receive(each, quantity, at, '3.33'));
  }
  return room;
}

/** Each fact of a demand as a step that adds it to what is known. */
function stepsOf(whole: OrderDemand): ((known: OrderDemand) => OrderDemand)[] {
  return [
    (known) => ({ ...known, placed: true, lines: whole.lines, location: whole.location }),
    (known) => ({ ...known, held: whole.held }),
    (known) => ({ ...known, cancelled: whole.cancelled }),
    ...whole.shipments.map((one) => (known: OrderDemand) => ({
      ...known,
      shipments: [...known.shipments.filter(({ id }) => id !== one.id), one],
    })),
    ...whole.refunds.map((one) => (known: OrderDemand) => ({
      ...known,
      refunds: [...known.refunds.filter(({ id }) => id !== one.id), one],
    })),
  ];
}

function stockOf(room: StockRoom) {
  return items.map((each) => [each, room.stock(each)]);
}

function shownOf(room: StockRoom) {
  return withoutIdleLines(reservationView('o1', room.reservation('o1')));
}

describe('the facts of one order', () => {
  it('end in the same stock in whatever order and however often they come', () => {
    const shuffled = anyDemand.chain((whole) => {
      const steps = stepsOf(whole);
      return fc.record({
        whole: fc.constant(whole),
        steps: fc.shuffledSubarray([...steps, ...steps], { minLength: steps.length * 2 }),
      });
    });
    fc.assert(
      fc.property(shuffled, ({ whole, steps }) => {
        const [atOnce, stepByStep] = [stocked('40'), stocked('40')];
        atOnce.do(follow('o1', whole));
        let known: OrderDemand = { ...demand([]), placed: false };
        for (const step of steps) {
          known = step(known);
          stepByStep.do(follow('o1', known));
        }
        stepByStep.do(follow('o1', known));
        expect(stockOf(stepByStep)).toEqual(stockOf(atOnce));
        expect(shownOf(stepByStep)).toEqual(shownOf(atOnce));
        if (!whole.held && !whole.cancelled)
          expect([atOnce, stepByStep].map((room) => room.reservation('o1').complete)).toEqual([true, true]);
        expect([...atOnce.faults(), ...stepByStep.faults()]).toEqual([]);
      }),
      { numRuns: 250 },
    );
  });

  it('leave no trace once all is taken back', () => {
    fc.assert(
      fc.property(anyDemand, (whole) => {
        const room = stocked('40');
        const before = stockOf(room);
        const worth = items.map((each) => room.item(each).value);
        room.do(follow('o1', whole));
        room.do(follow('o1', demand(whole.lines, { cancelled: true })));
        expect(stockOf(room)).toEqual(before);
        expect(items.map((each) => room.item(each).value)).toEqual(worth);
        expect(room.faults()).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });
});

type Step =
  | { readonly kind: 'follow'; readonly orderId: string; readonly demand: OrderDemand }
  | { readonly kind: 'receive'; readonly item: string; readonly at: string; readonly quantity: string; readonly unitCost: string }
  | { readonly kind: 'adjust'; readonly item: string; readonly at: string; readonly quantity: string };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      kind: fc.constant('follow' as const),
      orderId: fc.constantFrom('o1', 'o2', 'o3', 'o4', 'o5'),
      demand: anyDemand,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('receive' as const),
      item,
      at: place,
      quantity: fc.constantFrom('1', '2.5', '3', '7'),
      unitCost: fc.constantFrom('0', '1.10', '9.99'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('adjust' as const), item, at: place, quantity: fc.constantFrom('-2', '-1', '1', '2') }),
  },
);

function run(steps: readonly Step[]): StockRoom {
  const room = stockRoom();
  for (const each of items) room.do(register(each));
  steps.forEach((each, n) => {
    const time = `2026-02-01T00:00:00.${String(n).padStart(3, '0')}Z`;
    if (each.kind === 'follow') room.do(follow(each.orderId, each.demand), { time });
    else if (each.kind === 'receive') room.do(receive(each.item, each.quantity, each.at, each.unitCost), { time });
    else room.do(adjustStock.with({ item: each.item, location: each.at, quantity: each.quantity, reason: 'count' }), { time });
    const faults = room.faults();
    if (faults.length > 0) throw new Error(faults.join('; '));
  });
  return room;
}

describe('many orders, receipts and counts', () => {
  const steps = fc.array(step, { minLength: 1, maxLength: 25 });

  it('conserve stock, sell nothing twice and let nobody wait beside free stock, after every step', () => {
    fc.assert(
      fc.property(steps, (all) => {
        run(all);
      }),
      { numRuns: 150 },
    );
  });

  it('give the same items and reservations in whatever order the log of different streams is read', () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat(), { minLength: 40, maxLength: 40 }), (all, choices) => {
        const room = run(all);
        const read = fold(merge(room.log, choices));
        for (const [id, state] of read.items) expect(JSON.stringify(state)).toBe(JSON.stringify(room.item(id)));
        for (const [id, state] of read.reservations) expect(JSON.stringify(state)).toBe(JSON.stringify(room.reservation(id)));
        expect(read.items.size).toBe(items.length);
      }),
      { numRuns: 100 },
    );
  });
});

/** The log with its streams merged in another way: each keeps its own order. */
function merge(log: readonly Decided[], choices: readonly number[]): Decided[] {
  const queues = [...grouped(log, (one) => `${one.stream}/${one.id}`).values()].map((queue) => [...queue]);
  const merged: Decided[] = [];
  for (let n = 0; merged.length < log.length; n += 1) {
    const left = queues.filter((queue) => queue.length > 0);
    const next = left[(choices[n % choices.length] ?? 0) % left.length]?.shift();
    if (next) merged.push(next);
  }
  return merged;
}

function fold(log: readonly Decided[]) {
  const [ofItems, ofReservations] = [new Map<string, ItemState>(), new Map<string, ReservationState>()];
  for (const { stream, id, event } of log) {
    const known = event as ItemEvent | ReservationEvent;
    for (const each of [...(stream === itemStream.name ? [id] : []), ...(itemStream.touchedBy?.(event) ?? [])]) {
      ofItems.set(each, itemStream.evolve(ofItems.get(each) ?? itemStream.initial(each), known, each));
    }
    for (const each of [...(stream === reservationStream.name ? [id] : []), ...(reservationStream.touchedBy?.(event) ?? [])]) {
      const before = ofReservations.get(each) ?? reservationStream.initial(each);
      ofReservations.set(each, reservationStream.evolve(before, known as ReservationEvent, each));
    }
  }
  return { items: ofItems, reservations: ofReservations };
}
