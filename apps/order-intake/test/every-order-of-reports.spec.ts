import { isDeepStrictEqual } from 'node:util';

import { describe, expect, it } from '@jest/globals';
import type { DomainEvent } from '@instep/decider';
import type { AnyReaction, IncomingEvent } from '@instep/department';
import { incoming } from '@instep/testkit/department';

import { compose } from '../src/compose.ts';
import type { OrderEvent } from '../src/domain/order/order-event.ts';
import type { OrderState } from '../src/domain/order/order-state.ts';
import { order } from '../src/domain/order/order.ts';
import { at, fulfillment, line, refund, refundedLine, report } from './report.ts';
import { orderId } from './world.ts';

interface Moment {
  readonly state: OrderState;
  readonly events: readonly OrderEvent[];
}

const channel = { channel: 'sample', channelOrderId: '450789469' };
const edited = { lines: [line('A', { quantity: '3' }), line('B')] };
const paid = { ...edited, received: { shop: '50.00' } };
const first = fulfillment('F1', 40, { A: '2' });
const second = fulfillment('F2', 50, { A: '1', B: '1' });
const restocked = refund('R1', 60, { lines: [refundedLine('A', '1', 'return')], money: { shop: '10.00' } });
const kept = refund('R2', 70, { lines: [refundedLine('B', '1', 'none')], money: { shop: '10.00' } });
const all = { ...paid, fulfillments: [first, second], refunds: [restocked, kept], cancelled: { at: at(80), reason: 'customer' } };

/** create, edit, paid, shipped in two parts, refund with and without restock, cancel. */
const life: readonly IncomingEvent[] = [
  incoming('channel-order.reported', report(10)),
  incoming('channel-order.reported', report(20, edited)),
  incoming('channel-order.reported', report(30, paid)),
  incoming('channel-fulfillment.reported', { ...channel, reportedAt: at(40), fulfillment: first, contentHash: 'f1' }),
  incoming('channel-fulfillment.reported', { ...channel, reportedAt: at(50), fulfillment: second, contentHash: 'f2' }),
  incoming('channel-refund.reported', { ...channel, reportedAt: at(60), currencies: null, refund: restocked, contentHash: 'r1' }),
  incoming('channel-refund.reported', { ...channel, reportedAt: at(70), currencies: null, refund: kept, contentHash: 'r2' }),
  incoming('channel-order.reported', report(80, all)),
];

const reactions = compose().reactions as readonly (AnyReaction & { commands(event: IncomingEvent): ReturnType<AnyReaction['commands']> })[];

/** What follows when one more report is heard: decided and folded as the runtime does it. */
function after({ state, events }: Moment, event: IncomingEvent): Moment {
  let now = state;
  const told = [...events];
  for (const reaction of reactions) {
    if (reaction.on !== event.type) continue;
    for (const { command, data } of reaction.commands(event)) {
      const read = { state: () => now as never, version: () => 1, has: () => true };
      const decision = command.decide(data, read, { tenant: 'demo', time: event.time });
      if ('refused' in decision) throw new Error(decision.refused.message);
      for (const { event: recorded } of decision.events) {
        now = order.evolve(now, recorded as OrderEvent, orderId);
        told.push(recorded as OrderEvent);
      }
    }
  }
  return { state: now, events: told };
}

/** What a department that follows the events knows in the end. */
function known(events: readonly OrderEvent[]) {
  const last = (type: string, key: (data: never) => string = () => ''): Record<string, unknown> => {
    const found: Record<string, unknown> = {};
    for (const event of events as readonly DomainEvent[]) if (event.type === type) found[key(event.data as never)] = plain(event.data);
    return found;
  };
  const contents = events.flatMap((event) => (event.type === 'order.placed' || event.type === 'order.amended' ? [event.data.content] : []));
  const payments = events.flatMap((event) => (event.type === 'order.paid' ? [event.data.received] : []));
  const bySubject = (data: { refundId?: string; shipmentId?: string }): string => data.refundId ?? data.shipmentId ?? '';
  return {
    placed: events.filter(({ type }) => type === 'order.placed').length,
    cancelled: events.filter(({ type }) => type === 'order.cancelled').length,
    content: contents.at(-1),
    received: payments.at(-1),
    shipped: last('order.shipped', bySubject),
    refunded: last('order.refunded', bySubject),
    returned: last('order.returned', bySubject),
  };
}

/** Without what only order-intake needs, and what was true only at the time of telling. */
function plain(data: object): object {
  const { asOf: _, alone: __, complete: ___, ...rest } = data as Record<string, unknown>;
  return rest;
}

describe('the eight reports of an order', () => {
  it('end in the same facts in every one of their 40,320 orders', () => {
    const begin: Moment = { state: order.initial(orderId), events: [] };
    const expected = known(life.reduce(after, begin).events);
    expect(expected).toMatchObject({ placed: 1, cancelled: 1, received: '50' });
    expect(Object.keys(expected.shipped)).toHaveLength(2);
    expect(Object.keys(expected.refunded)).toHaveLength(2);
    let ends = 0;
    const different: string[] = [];
    const visit = (moment: Moment, left: readonly number[], path: readonly number[]): void => {
      if (left.length === 0) {
        ends += 1;
        if (!isDeepStrictEqual(known(moment.events), expected)) different.push(path.join(' '));
      }
      for (const place of left) {
        const event = life[place];
        if (event)
          visit(
            after(moment, event),
            left.filter((other) => other !== place),
            [...path, place],
          );
      }
    };
    visit(begin, [...life.keys()], []);
    expect({ ends, different: different.slice(0, 3) }).toEqual({ ends: 40_320, different: [] });
  }, 120_000);
});

describe('an order that was edited and edited back', () => {
  const back = { lines: [line('A', { quantity: '2' })] };
  const reports = [back, edited, back].map((content, step) => incoming('channel-order.reported', report(10 * (step + 1), content)));

  it.each([
    [0, 1, 2],
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ])('ends as it was, when the reports come as %s, %s, %s', (...places) => {
    const begin: Moment = { state: order.initial(orderId), events: [] };
    const [last] = reports.slice(-1);
    const heard = places.flatMap((place) => reports[place] ?? []);
    const expected = known(after(begin, last ?? incoming('channel-order.reported', report(0))).events);
    expect(known(heard.reduce(after, begin).events).content).toEqual(expected.content);
  });
});
