import { describe, expect, it } from '@jest/globals';
import type { EventData } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';
import { incoming } from '@instep/testkit/department';
import fc from 'fast-check';

import { customerOrder } from './customer-order.projection.ts';
import type { CustomerOrderRow } from './customer-order.projection.ts';
import { contentOver119, orderPlaced } from '../../test/order-events.ts';

function fold(row: CustomerOrderRow | undefined, event: IncomingEvent): CustomerOrderRow | undefined {
  const handler = customerOrder.on[event.type];
  if (!handler) throw new Error(`nothing folds ${event.type}`);
  const [key] = handler.keys(event as never);
  expect(key).toEqual(['demo', 'sample:1']);
  return handler.fold(row, event as never, key ?? []);
}

const after = (...events: readonly IncomingEvent[]) => events.reduce<CustomerOrderRow | undefined>(fold, undefined);
const shown = (row: CustomerOrderRow | undefined) => {
  if (!row) return undefined;
  const { facts: _facts, ...visible } = row;
  return visible;
};

const placed = orderPlaced();
const paid = (received: string) =>
  incoming('order.paid', { orderId: 'sample:1', amount: received, received, currency: 'EUR', complete: true });
const refunded = (refundId: string, money: string) =>
  incoming('order.refunded', {
    orderId: 'sample:1',
    refundId,
    at: '2026-01-03T00:00:00Z',
    currency: 'EUR',
    lines: [],
    shipping: none,
    adjustment: none,
    money,
  });
const none = { net: { shop: '0' }, tax: { shop: '0' } };
const shipped = (shipmentId: string, complete: boolean) =>
  incoming('order.shipped', {
    orderId: 'sample:1',
    shipmentId,
    shippedAt: '2026-01-02T00:00:00Z',
    locationId: null,
    lines: [],
    tracking: { company: null, numbers: [], urls: [] },
    complete,
  });
const unshipped = (shipmentId: string) =>
  incoming('order.shipment-cancelled', { orderId: 'sample:1', shipmentId, locationId: null, lines: [] });
const amended = (total: string, before: string, now: string, head?: EventData<'order.amended'>['head']) =>
  incoming('order.amended', {
    orderId: 'sample:1',
    content: { ...contentOver119, total: { shop: total } },
    changes: [{ lineId: '1', before, after: now }],
    ...(head ? { head } : {}),
  });
const told = (type: 'order.confirmed' | 'order.completed') => incoming(type, { orderId: 'sample:1' });
const backordered = incoming('order.backordered', { orderId: 'sample:1', lines: [{ lineId: '1', item: 'A', missing: '1' }] });

describe('the order of a customer', () => {
  it('is there when it is placed, under the strongest identity that it names', () => {
    expect(shown(after(placed))).toEqual({
      tenant: 'demo',
      orderId: 'sample:1',
      identity: 'e-ada',
      channel: 'sample',
      number: '#1001',
      placedAt: '2026-01-01T10:00:00.000Z',
      test: false,
      currency: 'EUR',
      total: '119.9',
      received: '0',
      refunded: '0',
      shipping: 'open',
      held: false,
      cancelledAt: null,
    });
  });

  it.each([
    [{ subject: 's', email: null, phone: 'p-1', channelCustomerId: '7' }, 'p-1'],
    [{ subject: 's', email: null, phone: null, channelCustomerId: '7' }, 'sample:7'],
    [null, null],
  ])('of %j belongs to %s', (customer, identity) => {
    expect(after(orderPlaced({ customer }))?.identity).toBe(identity);
  });

  it('shows money as it came and went, a corrected refund once', () => {
    expect(after(placed, paid('50'), paid('119.90'), refunded('r1', '20.00'), refunded('r2', '5.05'), refunded('r1', '10'))).toMatchObject({
      received: '119.9',
      refunded: '15.05',
    });
  });

  it('moves to another customer and total with an edit', () => {
    const head = { ...placed.data, customer: { subject: 's', email: 'e-bob', phone: null, channelCustomerId: null } };
    expect(after(placed, amended('99', '2', '1', head))).toMatchObject({ identity: 'e-bob', total: '99' });
  });

  it.each([
    ['open', [told('order.confirmed')]],
    ['backordered', [backordered]],
    ['open', [backordered, told('order.confirmed')]],
    ['partial', [backordered, shipped('f1', false)]],
    ['shipped', [shipped('f1', false), shipped('f2', true)]],
    ['partial', [shipped('f1', false), shipped('f2', true), unshipped('f2')]],
    ['open', [shipped('f1', true), unshipped('f1')]],
    ['partial', [shipped('f1', true), amended('150', '1', '2')]],
    ['shipped', [shipped('f1', true), amended('50', '2', '1')]],
    ['shipped', [shipped('f1', false), told('order.completed')]],
    ['nothing-to-ship', [told('order.completed')]],
  ])('is %s after what happened', (shipping, events) => {
    expect(after(placed, ...events)?.shipping).toBe(shipping);
  });

  it('is held until it is released, and says when it was cancelled', () => {
    const held = orderPlaced({ hold: [{ code: 'line/no-item', lineId: '1', message: 'no item' }] });
    const released = incoming('order.released', { orderId: 'sample:1', content: contentOver119 });
    const cancelled = incoming('order.cancelled', {
      orderId: 'sample:1',
      at: '2026-01-04T00:00:00.1234Z',
      reason: null,
      afterShipment: false,
    });
    expect(after(held)?.held).toBe(true);
    expect(after(held, released)?.held).toBe(false);
    expect(after(placed, incoming('order.held', { orderId: 'sample:1', reasons: [] }))?.held).toBe(true);
    expect(after(placed, cancelled)?.cancelledAt).toBe('2026-01-04T00:00:00.123Z');
  });

  it('looks the same in whatever order money and goods moved', () => {
    const cancelled = incoming('order.cancelled', { orderId: 'sample:1', at: '2026-01-04T00:00:00Z', reason: null, afterShipment: true });
    const moves = [
      paid('119.90'),
      refunded('r1', '19.90'),
      refunded('r2', '0.01'),
      shipped('f1', false),
      told('order.confirmed'),
      cancelled,
    ];
    const expected = shown(after(placed, ...moves, shipped('f2', true)));
    fc.assert(
      fc.property(fc.shuffledSubarray(moves, { minLength: moves.length }), fc.nat(moves.length), (order, at) => {
        const last = Math.max(at, order.findIndex(({ type }) => type === 'order.shipped') + 1);
        expect(shown(after(placed, ...order.slice(0, last), shipped('f2', true), ...order.slice(last)))).toEqual(expected);
      }),
    );
  });
});
