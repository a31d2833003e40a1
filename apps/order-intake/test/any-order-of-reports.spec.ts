import { describe, expect, it } from '@jest/globals';
import { add, decimal, subtract, zero } from '@instep/values';
import fc from 'fast-check';

import type { OrderReport } from './report.ts';
import { at, fulfillment, line, refund, refundedLine, report } from './report.ts';
import { World } from './world.ts';

type Told =
  | { readonly type: 'channel-order.reported'; readonly data: OrderReport }
  | { readonly type: 'channel-refund.reported'; readonly data: Parameters<World['hear']>[1] }
  | { readonly type: 'channel-fulfillment.reported'; readonly data: Parameters<World['hear']>[1] };

const channel = { channel: 'sample', channelOrderId: '450789469' };
const created = [line('A'), line('B')];
const edited = [line('A'), line('B', { quantity: '1' }), line('C', { quantity: '3' })];
const first = fulfillment('F1', 30, { A: '1', C: '3' });
const second = fulfillment('F2', 40, { A: '1', B: '1' });
const pending = { ...fulfillment('F2', 35, { A: '1', B: '1' }), status: 'pending' as const };
const undone = { ...second, status: 'cancelled' as const, updatedAt: at(60) };
const restocked = refund('R1', 50, { lines: [refundedLine('C', '2', 'return')], money: { shop: '20.00' } });
const unsettled = { ...restocked, money: { shop: '0' } };
const kept = refund('R2', 55, { lines: [refundedLine('A', '1', 'none')], money: { shop: '10' } });
const dropped = refund('R3', 65, { lines: [refundedLine('B', '1', 'cancel')], money: { shop: '10.00' } });

const paid = { lines: edited, received: { shop: '60.00' } };

/** create, edit, paid, shipped in two parts, refunds with and without restock, a shipment undone, cancel: each told in its order and alone. */
const life: readonly Told[] = [
  order(report(10, { lines: created })),
  order(report(20, { lines: edited })),
  order(report(25, paid)),
  order(report(30, { ...paid, fulfillments: [first] })),
  order(report(40, { ...paid, fulfillments: [first, second] })),
  order(report(50, { ...paid, fulfillments: [first, second], refunds: [unsettled] })),
  order(report(55, { ...paid, fulfillments: [first, second], refunds: [restocked, kept] })),
  order(report(60, { ...paid, fulfillments: [first, undone], refunds: [restocked, kept] })),
  order(
    report(65, {
      ...paid,
      fulfillments: [first, undone],
      refunds: [restocked, kept, dropped],
      cancelled: { at: at(65), reason: 'customer' },
    }),
  ),
  { type: 'channel-fulfillment.reported', data: { ...channel, reportedAt: at(30), fulfillment: first, contentHash: 'f1' } },
  { type: 'channel-fulfillment.reported', data: { ...channel, reportedAt: at(35), fulfillment: pending, contentHash: 'f2p' } },
  { type: 'channel-fulfillment.reported', data: { ...channel, reportedAt: at(40), fulfillment: second, contentHash: 'f2' } },
  { type: 'channel-fulfillment.reported', data: { ...channel, reportedAt: at(60), fulfillment: undone, contentHash: 'f2x' } },
  { type: 'channel-refund.reported', data: { ...channel, reportedAt: at(50), currencies: null, refund: unsettled, contentHash: 'r1' } },
  { type: 'channel-refund.reported', data: { ...channel, reportedAt: at(65), currencies: null, refund: dropped, contentHash: 'r3' } },
];

function order(data: OrderReport): Told {
  return { type: 'channel-order.reported', data };
}

function heard(told: readonly Told[]): World {
  const world = new World();
  tell(world, told);
  return world;
}

function tell(world: World, told: readonly Told[]): void {
  for (const { type, data } of told) world.hear(type, data as never);
}

/** Reports are named by their place in `all`, so that a counterexample can be read. */
function named(all: readonly Told[], places: readonly number[]): Told[] {
  return places.flatMap((place) => all[place % all.length] ?? []);
}

function placesOf(all: readonly unknown[], times = 1): number[] {
  return Array.from({ length: all.length * times }, (_, place) => place);
}

function shuffled(places: readonly number[]) {
  return fc.shuffledSubarray([...places], { minLength: places.length });
}

/** What departments that fold the announced events believe in the end. */
function beliefs({ events }: World) {
  const refunds: Record<string, unknown> = {};
  const returns: Record<string, unknown> = {};
  const shipped = new Map<string, ReturnType<typeof decimal>>();
  let content: unknown;
  let head: unknown;
  let received = '0';
  let paidSum = zero;
  let cancelled = 0;
  let placed = 0;
  let held = false;
  let completed = false;
  const move = (lines: readonly { lineId: string; quantity: string }[], of: typeof add) => {
    for (const { lineId, quantity } of lines) shipped.set(lineId, of(shipped.get(lineId) ?? zero, decimal(quantity)));
  };
  for (const event of events) {
    switch (event.type) {
      case 'order.placed':
        placed += 1;
        ({ content } = event.data);
        head = [event.data.number, event.data.customer, event.data.personal, event.data.staffId];
        held = event.data.hold !== null;
        break;
      case 'order.amended':
        ({ content } = event.data);
        if (event.data.head) head = [event.data.head.number, event.data.head.customer, event.data.head.personal, event.data.head.staffId];
        break;
      case 'order.released':
        ({ content } = event.data);
        held = false;
        break;
      case 'order.held':
        held = true;
        break;
      case 'order.paid':
        ({ received } = event.data);
        paidSum = add(paidSum, decimal(event.data.amount));
        break;
      case 'order.shipped':
        move(event.data.lines, add);
        break;
      case 'order.shipment-cancelled':
        move(event.data.lines, subtract);
        break;
      case 'order.refunded': {
        const { asOf: _, alone: __, ...data } = event.data;
        refunds[data.refundId] = data;
        break;
      }
      case 'order.returned': {
        const { asOf: _, ...data } = event.data;
        returns[data.refundId] = data;
        break;
      }
      case 'order.cancelled':
        cancelled += 1;
        break;
      case 'order.completed':
        completed = true;
        break;
      default:
    }
  }
  return {
    content,
    head,
    received,
    paidSum,
    cancelled,
    placed,
    held,
    shipped: Object.fromEntries([...shipped].filter(([, quantity]) => quantity !== zero)),
    refunds,
    returns,
    completed: completed && cancelled === 0,
  };
}

describe('the reports of one order', () => {
  it('in their own order tell what happened', () => {
    const world = heard(life.slice(0, 9));
    expect(world.events.map((event) => event.type.replace('order.', ''))).toEqual([
      'placed',
      'amended',
      'paid',
      'shipped',
      'shipped',
      'completed',
      'refunded',
      'returned',
      'refunded',
      'returned',
      'refunded',
      'returned',
      'shipment-cancelled',
      'cancelled',
      'refunded',
      'returned',
    ]);
    expect(beliefs(world)).toMatchObject({ received: '60', paidSum: '60', placed: 1, cancelled: 1, shipped: { A: '1', C: '3' } });
  });

  it('end in the same state and the same sums in any order and however often they come', () => {
    const expected = heard(life);
    const facts = expected.state();
    const sums = { ...beliefs(expected), completed: false };
    fc.assert(
      fc.property(shuffled(placesOf(life, 2)), (places) => {
        const world = heard(named(life, places));
        expect({ ...beliefs(world), completed: false }).toEqual(sums);
        expect(withoutOrder(world.state())).toEqual(withoutOrder(facts));
      }),
      { numRuns: 150 },
    );
  });

  it('tell nothing more when all of them come once more', () => {
    fc.assert(
      fc.property(shuffled(placesOf(life)), fc.shuffledSubarray(placesOf(life)), (places, again) => {
        const world = heard(named(life, places));
        const before = world.events.length;
        tell(world, named(life, again));
        expect(world.events.slice(before)).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });

  it('that are some of all end as the newest of them and all refunds and shipments say, in any order', () => {
    const someTwice = fc.subarray(placesOf(life), { minLength: 1 }).chain((some) => fc.tuple(fc.constant(some), shuffled(some)));
    fc.assert(
      fc.property(someTwice, ([some, others]) => {
        expect({ ...beliefs(heard(named(life, others))), completed: false }).toEqual({
          ...beliefs(heard(named(life, some))),
          completed: false,
        });
      }),
      { numRuns: 150 },
    );
  });

  it('with equal times end the same in any order', () => {
    const tied = [
      report(10, { contentHash: 'b' }),
      report(10, { contentHash: 'a', lines: edited }),
      report(10, { contentHash: 'a', received: { shop: '40' } }),
      report(10, { contentHash: 'c', lines: [line('A')], staffId: '5' }),
    ].map(order);
    const expected = beliefs(heard(tied));
    expect(expected.received).toBe('40');
    fc.assert(
      fc.property(shuffled(placesOf(tied)), (places) => {
        expect(beliefs(heard(named(tied, places)))).toEqual(expected);
      }),
    );
  });
});

/** The order of facts in the state is the order of their arrival; nothing depends on it. */
function withoutOrder(state: ReturnType<World['state']>) {
  const { refunds = [], shipments = [], confirmed: _, completed: __, ...rest } = state;
  return {
    ...rest,
    refunds: Object.fromEntries(refunds.map((known) => [known.refund.refundId, known])),
    shipments: Object.fromEntries(
      shipments.map(({ shipment: { tracking: ___, ...shipment }, told }) => [shipment.fulfillmentId, { shipment, told }]),
    ),
  };
}
