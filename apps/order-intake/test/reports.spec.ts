import { beforeEach, describe, expect, it } from '@jest/globals';

import type { OrderReport } from './report.ts';
import { at, charge, fulfillment, line, refund, refundedLine, report, tax } from './report.ts';
import { orderId, types, World } from './world.ts';

const channel = { channel: 'sample', channelOrderId: '450789469' };
const paid = { received: { shop: '40.00' } };

let world: World;
beforeEach(() => {
  world = new World();
});

function hear(data: OrderReport) {
  return world.hear('channel-order.reported', data);
}

describe('an order that is reported', () => {
  it('is placed and, if money came, paid: two events for an ordinary order', () => {
    const events = hear(report(10, paid));
    expect(types(events)).toEqual(['placed', 'paid']);
    expect(events[0]?.data).toMatchObject({
      orderId,
      channel: 'sample',
      number: '#1001',
      hold: null,
      content: { total: { shop: '40' } },
      asOf: { at: at(10) },
    });
    expect(events[1]?.data).toEqual({ orderId, amount: '40', received: '40', currency: 'EUR', complete: true });
  });

  it('changes nothing when the same report comes again', () => {
    hear(report(10, paid));
    expect(hear(report(10, paid))).toEqual([]);
  });

  it('changes nothing by an older report', () => {
    hear(report(20, paid));
    expect(hear(report(10, { lines: [line('A')] }))).toEqual([]);
    expect(world.state().lines).toHaveLength(2);
  });

  it('remembers a newer report that changes nothing, so that older ones stay stale', () => {
    hear(report(10));
    expect(types(hear(report(30, { contentHash: 'other' })))).toEqual(['noted']);
    expect(hear(report(20, paid))).toEqual([]);
  });

  it('is amended by an edit, with what changed', () => {
    hear(report(10));
    const [amended] = hear(report(20, { lines: [line('A', { quantity: '5' }), line('C')] }));
    expect(amended).toMatchObject({
      type: 'order.amended',
      data: {
        changes: [
          { lineId: 'A', before: '2', after: '5' },
          { lineId: 'C', before: '0', after: '2' },
          { lineId: 'B', before: '2', after: '0' },
        ],
      },
    });
    expect(amended?.data).not.toHaveProperty('head');
  });

  it('is amended with its head when the customer becomes known', () => {
    hear(report(10, { customer: null, personal: null }));
    const [amended] = hear(report(20));
    expect(amended).toMatchObject({
      type: 'order.amended',
      data: { changes: [], head: { customer: { subject: 'sub_1' }, personal: { name: 'Ada' } } },
    });
  });

  it('is paid in parts, and a payment taken back is paid below zero', () => {
    hear(report(10, { received: { shop: '15' } }));
    expect(hear(report(20, paid))[0]?.data).toMatchObject({ amount: '25', received: '40', complete: true });
    expect(hear(report(30, { received: { shop: '0.00' } }))[0]?.data).toMatchObject({ amount: '-40', received: '0', complete: false });
  });

  it('is cancelled once, and late older reports change nothing', () => {
    hear(report(10));
    const cancelled = { at: at(30), reason: 'customer' };
    expect(types(hear(report(30, { cancelled })))).toEqual(['cancelled']);
    expect(hear(report(20, paid))).toEqual([]);
    expect(types(hear(report(40, { cancelled })))).toEqual(['noted']);
  });

  it('is cancelled after shipment', () => {
    hear(report(10, paid));
    const events = hear(
      report(20, { ...paid, fulfillments: [fulfillment('F1', 20, { A: '1' })], cancelled: { at: at(20), reason: null } }),
    );
    expect(types(events)).toEqual(['shipped', 'cancelled']);
    expect(events[1]?.data).toMatchObject({ afterShipment: true });
  });

  it('tells its whole life when its first report has it', () => {
    const events = hear(
      report(50, {
        ...paid,
        fulfillments: [fulfillment('F1', 20, { A: '2', B: '2' })],
        refunds: [refund('R1', 30, { lines: [refundedLine('A', '1', 'return')], money: { shop: '10' } })],
        cancelled: { at: at(40), reason: null },
      }),
    );
    expect(types(events)).toEqual(['placed', 'paid', 'shipped', 'cancelled', 'refunded', 'returned']);
    expect(types(world.events).filter((type) => type === 'completed')).toEqual([]);
  });

  it('is confirmed at once and completed when paid, if there is nothing to ship', () => {
    expect(types(hear(report(10, { ...paid, lines: [line('A', { shippable: false, item: null, quantity: '4' })] })))).toEqual([
      'placed',
      'paid',
      'confirmed',
      'completed',
    ]);
  });

  it('is completed when all is shipped and paid, and once more after it was opened again', () => {
    hear(report(10, paid));
    const out = fulfillment('F1', 20, { A: '2', B: '2' });
    expect(types(hear(report(20, { ...paid, fulfillments: [out] })))).toEqual(['shipped', 'completed']);
    const undone = { ...out, status: 'cancelled' as const, updatedAt: at(30) };
    expect(types(hear(report(30, { ...paid, fulfillments: [undone] })))).toEqual(['shipment-cancelled']);
    expect(types(hear(report(40, { ...paid, fulfillments: [undone, fulfillment('F2', 40, { A: '2', B: '2' })] })))).toEqual([
      'shipped',
      'completed',
    ]);
  });

  it('takes ten thousand lines', () => {
    const lines = Array.from({ length: 10_000 }, (_, index) => line(String(index)));
    const all = Object.fromEntries(lines.map(({ lineId }) => [lineId, '2']));
    const events = hear(report(10, { lines, received: { shop: '200000' }, fulfillments: [fulfillment('F1', 10, all)] }));
    expect(types(events)).toEqual(['placed', 'paid', 'shipped', 'completed']);
  });

  it('keeps taxes of the channel on lines and shipping out of ours', () => {
    const [placed] = hear(
      report(10, {
        taxesIncluded: false,
        lines: [line('A', { taxes: [tax('3.80'), tax('0.40', true)] })],
        shipping: [{ id: '1', title: 'Post', charge: charge('5', '0.95'), discount: { shop: '0' }, taxes: [tax('0.95', true)] }],
        total: { shop: '30.15' },
      }),
    );
    expect(placed).toMatchObject({
      type: 'order.placed',
      data: {
        content: {
          lines: [{ net: { shop: '20' }, tax: { shop: '3.8' } }],
          shipping: { net: { shop: '5' }, tax: { shop: '0' } },
          channelTax: { shop: '1.35' },
        },
      },
    });
    expect(placed?.type === 'order.placed' && placed.data.content).not.toHaveProperty('difference');
  });
});

describe('refunds and shipments', () => {
  const refunded = refund('R1', 20, { lines: [refundedLine('A', '1', 'cancel')], money: { shop: '10' } });
  const out = fulfillment('F1', 20, { A: '1' });

  it('wait in the stream of their order when they come before it', () => {
    expect(
      types(
        world.hear('channel-refund.reported', { ...channel, reportedAt: at(20), currencies: null, refund: refunded, contentHash: 'r' }),
      ),
    ).toEqual(['noted']);
    expect(
      types(world.hear('channel-fulfillment.reported', { ...channel, reportedAt: at(20), fulfillment: out, contentHash: 'f' })),
    ).toEqual(['noted']);
    const events = hear(report(10, paid));
    expect(types(events)).toEqual(['placed', 'paid', 'shipped', 'refunded', 'returned']);
    expect(events[2]?.data).toMatchObject({
      tracking: { company: 'DHL' },
      lines: [{ lineId: 'A', item: 'SKU-A', quantity: '1' }],
      complete: false,
    });
    expect(events[4]?.data).toMatchObject({ lines: [{ lineId: 'A', item: 'SKU-A', quantity: '1', restock: 'cancel', locationId: null }] });
  });

  it('wait for the edit that brings their lines', () => {
    hear(report(10, paid));
    const late = fulfillment('F1', 20, { C: '1' });
    expect(
      types(world.hear('channel-fulfillment.reported', { ...channel, reportedAt: at(20), fulfillment: late, contentHash: 'f' })),
    ).toEqual(['noted']);
    expect(types(hear(report(15, { ...paid, lines: [line('A'), line('C')] })))).toEqual(['amended', 'shipped']);
  });

  it('take effect once, whether the order tells them or they come alone', () => {
    hear(report(20, { ...paid, refunds: [refunded], fulfillments: [out] }));
    expect(
      world.hear('channel-refund.reported', { ...channel, reportedAt: at(20), currencies: null, refund: refunded, contentHash: 'r' }),
    ).toEqual([]);
    expect(world.hear('channel-fulfillment.reported', { ...channel, reportedAt: at(20), fulfillment: out, contentHash: 'f' })).toEqual([]);
  });

  it('are told again as the order tells them better than they did alone', () => {
    hear(report(10, paid));
    const alone = { ...refunded, lines: [{ ...refundedLine('A', '1', 'cancel'), net: { shop: '8.40' }, tax: { shop: '1.60' } }] };
    world.hear('channel-refund.reported', { ...channel, reportedAt: at(20), currencies: null, refund: alone, contentHash: 'r' });
    const events = hear(report(20, { ...paid, refunds: [refunded] }));
    expect(types(events)).toEqual(['refunded', 'returned']);
    expect(events[0]?.data).toMatchObject({ refundId: 'R1', lines: [{ net: '10', tax: '0' }] });
  });

  it('are told again when the money of a refund goes out later', () => {
    hear(report(20, { ...paid, refunds: [{ ...refunded, money: { shop: '0' } }] }));
    expect(hear(report(30, { ...paid, refunds: [refunded] }))[0]).toMatchObject({
      type: 'order.refunded',
      data: { refundId: 'R1', money: '10' },
    });
  });

  it('only count once they left', () => {
    expect(types(hear(report(10, { ...paid, fulfillments: [{ ...out, status: 'pending', updatedAt: at(10) }] })))).toEqual([
      'placed',
      'paid',
      'noted',
    ]);
    expect(types(hear(report(20, { ...paid, fulfillments: [out] })))).toEqual(['shipped']);
  });

  it('are corrected by taking the old goods back and telling the new ones', () => {
    hear(report(20, { ...paid, fulfillments: [out] }));
    const events = hear(report(30, { ...paid, fulfillments: [fulfillment('F1', 30, { A: '2' }, { createdAt: at(20) })] }));
    expect(types(events)).toEqual(['shipment-cancelled', 'shipped']);
    expect(events[0]?.data).toMatchObject({ lines: [{ lineId: 'A', quantity: '1' }] });
    expect(events[1]?.data).toMatchObject({ lines: [{ lineId: 'A', quantity: '2' }] });
  });

  it('complete an order whose rest was refunded before it left', () => {
    hear(report(10, paid));
    const rest = refund('R1', 15, { lines: [refundedLine('B', '2', 'none', '20')], money: { shop: '20' } });
    const events = hear(report(20, { ...paid, refunds: [rest], fulfillments: [fulfillment('F1', 20, { A: '2' })] }));
    expect(types(events)).toEqual(['shipped', 'refunded', 'returned', 'completed']);
  });
});

describe('an order that cannot be worked on', () => {
  const nameless = line('B', { item: null, sku: null });

  it('is placed on hold, with reasons that a clerk understands', () => {
    const [placed, ...rest] = hear(
      report(10, {
        currencies: { shop: 'XQZ', presentment: 'XQZ' },
        lines: [
          line('A', { unitPrice: { shop: '-1' } }),
          nameless,
          line('C', { quantity: '-1' }),
          line('D', { discount: { shop: '20.01' } }),
        ],
      }),
    );
    expect(rest).toEqual([]);
    const hold = placed?.type === 'order.placed' ? placed.data.hold : null;
    expect(hold?.map(({ code, lineId }) => [code, lineId])).toEqual([
      ['unknown-currency', null],
      ['negative-price', 'A'],
      ['line-without-item', 'B'],
      ['negative-quantity', 'C'],
      ['discount-above-price', 'D'],
    ]);
    expect(hold?.[2]?.message).toBe(
      'Line "Shirt B" must be shipped but names no item. Give the product an SKU in the shop, or choose an item for the line.',
    );
  });

  it('is not held by lines that are not there, need no shipping, or by a total that does not add up', () => {
    const [placed] = hear(
      report(10, {
        lines: [line('A'), { ...nameless, quantity: '0' }, { ...nameless, lineId: 'C', shippable: false }],
        total: { shop: '41' },
      }),
    );
    expect(placed).toMatchObject({ type: 'order.placed', data: { hold: null, content: { difference: { shop: '1' } } } });
  });

  it('is released by a report that mends it', () => {
    hear(report(10, { lines: [line('A'), nameless] }));
    const events = hear(report(20));
    expect(types(events)).toEqual(['released']);
    expect(events[0]?.data).toMatchObject({ content: { lines: [{ item: 'SKU-A' }, { item: 'SKU-B' }] } });
    expect(world.state().hold).toBeUndefined();
  });

  it('is held by an edit that spoils it, before the edit is told', () => {
    hear(report(10));
    expect(types(hear(report(20, { lines: [line('A'), nameless] })))).toEqual(['held', 'amended']);
    expect(world.state().hold?.content.lines).toHaveLength(2);
    expect(types(hear(report(30, { lines: [line('A'), nameless, line('C')] })))).toEqual(['amended']);
  });

  it('is neither completed nor confirmed, but what left has left', () => {
    const out = fulfillment('F1', 20, { A: '2', B: '2' });
    expect(types(hear(report(20, { ...paid, lines: [line('A'), nameless], fulfillments: [out] })))).toEqual(['placed', 'paid', 'shipped']);
    expect(world.hear('stock.reserved', { orderId, lines: [], complete: true })).toEqual([]);
    expect(types(hear(report(30, { ...paid, fulfillments: [out] })))).toEqual(['released', 'completed']);
  });
});

describe('what inventory answers', () => {
  const short = { orderId, locationId: null, lines: [{ lineId: 'A', item: 'SKU-A', missing: '1', since: at(11) }] };
  const waived = { orderId, lines: [], waived: [{ lineId: 'A', item: 'SKU-A', quantity: '1' }], reason: 'edit', complete: false };

  beforeEach(() => {
    hear(report(10, paid));
  });

  it('confirms the order once all is reserved', () => {
    expect(world.hear('stock.reserved', { orderId, lines: [], complete: false })).toEqual([]);
    expect(types(world.hear('stock.reserved', { orderId, lines: [], complete: true }))).toEqual(['confirmed']);
    expect(world.hear('stock.reserved', { orderId, lines: [], complete: true })).toEqual([]);
  });

  it('backorders the order, told once for the same lines, until the rest is reserved', () => {
    const [backordered] = world.hear('stock.short', short);
    expect(backordered).toEqual({ type: 'order.backordered', data: { orderId, lines: [{ lineId: 'A', item: 'SKU-A', missing: '1' }] } });
    expect(world.hear('stock.short', short)).toEqual([]);
    expect(types(world.hear('stock.reserved', { orderId, lines: [], complete: true }))).toEqual(['confirmed']);
  });

  it('is less after a part came in', () => {
    world.hear('stock.short', { ...short, lines: [{ lineId: 'A', item: 'SKU-A', missing: '2', since: at(11) }] });
    const part = { lineId: 'A', item: 'SKU-A', location: 'L1', quantity: '1' };
    expect(world.hear('stock.reserved', { orderId, lines: [part], complete: false })).toEqual([
      { type: 'order.backordered', data: { orderId, lines: [{ lineId: 'A', item: 'SKU-A', missing: '1' }] } },
    ]);
  });

  it('confirms the order when what was missing is waited for no longer', () => {
    world.hear('stock.short', short);
    expect(types(world.hear('stock.released', waived))).toEqual(['confirmed']);
  });

  it('is asked for again after an edit that needs more, not after one that needs less', () => {
    world.hear('stock.reserved', { orderId, lines: [], complete: true });
    hear(report(20, { ...paid, lines: [line('A', { quantity: '1' }), line('B')] }));
    expect(world.state().confirmed).toBe(true);
    hear(report(30, { ...paid, lines: [line('A', { quantity: '3' }), line('B')] }));
    expect(world.state().confirmed).toBe(false);
    expect(types(world.hear('stock.reserved', { orderId, lines: [], complete: true }))).toEqual(['confirmed']);
  });

  it('means nothing for an order that is cancelled, shipped or unknown', () => {
    expect(world.hear('stock.reserved', { orderId: 'sample:other', lines: [], complete: true })).toEqual([]);
    hear(report(20, { ...paid, fulfillments: [fulfillment('F1', 20, { A: '2', B: '2' })] }));
    expect(world.hear('stock.reserved', { orderId, lines: [], complete: true })).toEqual([]);
    hear(report(30, { ...paid, fulfillments: [fulfillment('F1', 20, { A: '2', B: '2' })], cancelled: { at: at(30), reason: null } }));
    expect(world.hear('stock.short', short)).toEqual([]);
  });
});
