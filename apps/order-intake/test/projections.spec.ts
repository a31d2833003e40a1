import { describe, expect, it } from '@jest/globals';
import type { IncomingEvent } from '@instep/department';
import { incoming } from '@instep/testkit/department';

import { orderHistory } from '../src/application/order-history.projection.ts';
import { orderSummary } from '../src/application/order-summary.projection.ts';
import { orderView } from '../src/application/order-view.ts';
import { releaseOrder } from '../src/domain/order/release-order.ts';
import { at, fulfillment, line, refund, refundedLine, report } from './report.ts';
import { orderId, World } from './world.ts';

function summary(world: World) {
  return orderSummary.rows(world.state(), { tenant: 'demo', id: orderId, version: world.events.length })[0];
}

function history(world: World) {
  return world.events.flatMap((event) => {
    const fold = orderHistory.on[event.type] as ((event: IncomingEvent) => readonly { text: string }[]) | undefined;
    return fold?.(incoming(event.type, event.data)).map(({ text }) => text) ?? [];
  });
}

const paid = { received: { shop: '40.00' } };

describe('the summary of an order', () => {
  it('is not there while refunds and shipments wait for it', () => {
    const world = new World();
    world.hear('channel-refund.reported', {
      channel: 'sample',
      channelOrderId: '450789469',
      reportedAt: at(1),
      currencies: null,
      refund: refund('R', 1),
      contentHash: 'r',
    });
    expect(summary(world)).toBeUndefined();
    expect(orderView('demo', orderId, world.state(), 1)).toBeUndefined();
  });

  it('says how the order stands', () => {
    const world = new World();
    world.hear('channel-order.reported', report(10));
    expect(summary(world)).toEqual({
      tenant: 'demo',
      orderId,
      channel: 'sample',
      channelOrderId: '450789469',
      number: '#1001',
      status: 'placed',
      payment: 'unpaid',
      shipping: 'open',
      currency: 'EUR',
      total: '40',
      received: '0',
      refunded: '0',
      placedAt: at(0),
      reportedAt: at(10),
      attention: null,
      version: 1,
    });
    world.hear('channel-order.reported', report(20, { received: { shop: '1' } }));
    world.hear('stock.short', { orderId, locationId: null, lines: [{ lineId: 'A', item: 'SKU-A', missing: '2', since: at(20) }] });
    expect(summary(world)).toMatchObject({ status: 'backordered', attention: 'backordered', payment: 'partly-paid' });
    world.hear('stock.reserved', { orderId, lines: [], complete: true });
    const out = fulfillment('F1', 30, { A: '2' });
    world.hear('channel-order.reported', report(30, { ...paid, fulfillments: [out] }));
    expect(summary(world)).toMatchObject({ status: 'confirmed', attention: null, payment: 'paid', shipping: 'partly-shipped' });
    const refunds = [refund('R1', 40, { lines: [refundedLine('A', '1', 'return')], money: { shop: '10' } })];
    world.hear('channel-order.reported', report(40, { ...paid, refunds, fulfillments: [out, fulfillment('F2', 40, { B: '2' })] }));
    expect(summary(world)).toMatchObject({ status: 'completed', payment: 'partly-refunded', shipping: 'shipped', refunded: '10' });
    world.hear('channel-order.reported', report(50, { ...paid, cancelled: { at: at(50), reason: null } }));
    expect(summary(world)).toMatchObject({ status: 'cancelled' });
  });
});

describe('the view of an order', () => {
  it('shows lines with what was shipped, refunded and is left', () => {
    const world = new World();
    const refunds = [refund('R1', 40, { lines: [refundedLine('B', '1', 'cancel')], money: { shop: '10' } })];
    world.hear('channel-order.reported', report(40, { ...paid, refunds, fulfillments: [fulfillment('F1', 30, { A: '2' })] }));
    expect(orderView('demo', orderId, world.state(), 4)).toMatchObject({
      orderId,
      lines: [
        { lineId: 'A', item: 'SKU-A', quantity: '2', shipped: '2', refunded: '0', left: '0' },
        { lineId: 'B', item: 'SKU-B', quantity: '2', shipped: '0', refunded: '1', left: '1' },
      ],
      shipments: [{ shipmentId: 'F1', status: 'success', shippedAt: at(30), locationId: 'L1' }],
      refunds: [{ refundId: 'R1', at: at(40), money: '10' }],
      hold: [],
    });
  });
});

describe('the history of an order', () => {
  it('tells in words what happened, without personal data', () => {
    const world = new World();
    world.hear('channel-order.reported', report(10, { lines: [line('A'), line('B', { item: null })] }));
    world.ask(releaseOrder.with({ orderId, assigned: [{ lineId: 'B', item: 'SKU-B' }], accepted: [] }));
    world.hear('channel-order.reported', report(15, { lines: [line('A', { quantity: '1' }), line('B', { item: null })] }));
    world.hear(
      'channel-order.reported',
      report(20, { ...paid, lines: [line('A', { quantity: '1' }), line('B', { item: null })], contentHash: 'x' }),
    );
    world.hear(
      'channel-order.reported',
      report(25, { ...paid, lines: [line('A', { quantity: '1' }), line('B', { item: null })], contentHash: 'y' }),
    );
    expect(history(world)).toEqual([
      'Order #1001 placed: 2 lines, 40 EUR; on hold: Line "Shirt B" must be shipped but names no item. Give the product an SKU in the shop, or choose an item for the line.',
      'Released: line B is SKU-B',
      'Edited: line A from 2 to 1; total 30',
      'Payment 40 EUR, received 40 in all, paid',
    ]);
    expect(JSON.stringify(world.events)).toContain('Ada');
    expect(history(world).join(' ')).not.toContain('Ada');
  });
});
