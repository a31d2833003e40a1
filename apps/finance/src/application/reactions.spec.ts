import type { IncomingEvent } from '@instep/department';
import { deskOf, incoming, orderContent } from '@instep/testkit/department';
import { describe, expect, it } from '@jest/globals';

import { orderPaid, orderPlaced, orderRefunded, orderReturned, orderShipped, shipmentCancelled } from '../../test/order-events.ts';
import { compose } from '../compose.ts';
import type { JournalPosted } from '../domain/account-document/account-document.ts';

/** What each of these events has finance post: kind, and amount by account. */
function booksAfter(...events: readonly IncomingEvent[]) {
  const desk = deskOf(compose());
  return events.map((event) => {
    const posted = desk.hear(event) as readonly JournalPosted[];
    expect(posted.length).toBeLessThan(2);
    return posted.map(({ data }) => ({
      journal: data.journalId,
      kind: data.kind,
      ...Object.fromEntries(data.lines.map(({ account, amount }) => [account, amount])),
    }))[0];
  });
}

const lastOf = (...events: readonly IncomingEvent[]) => booksAfter(...events).at(-1);
const backToA = { lines: [{ lineId: 'a', quantity: '1', net: '10', tax: '1' }], money: '11' };

describe('an order', () => {
  it('has nothing posted when it is placed', () => {
    expect(booksAfter(orderPlaced())).toEqual([undefined]);
  });

  it('is posted step by step as money and goods move', () => {
    const back = orderRefunded(backToA);
    expect(booksAfter(orderPlaced(), orderPaid('77'), orderShipped('s1', { a: '2' }), back, orderReturned(['a', 'return', '1']))).toEqual([
      undefined,
      { journal: 'sample:1#1', kind: 'payment', '1000': '77', '2000': '-77' },
      { journal: 'sample:1#2', kind: 'shipment', '2000': '27', '2100': '-2.5', '4000': '-20', '4100': '-4.5' },
      // Until the goods are told of, the unit refunded counts as kept by the buyer: what was earned with it goes all the same.
      { journal: 'sample:1#3', kind: 'refund', '1000': '-11', '2100': '1', '4000': '10' },
      undefined,
    ]);
  });

  it('is posted as a whole, whoever of its events comes last', () => {
    const cancelled = incoming('order.cancelled', { orderId: 'sample:1', at: '2026-01-03T00:00:00Z', reason: null, afterShipment: false });
    const tenMore = orderContent([{ lineId: 'a', quantity: '2', net: '30', tax: '2' }]);
    const amended = incoming('order.amended', { orderId: 'sample:1', content: tenMore, changes: [] });
    const released = incoming('order.released', { orderId: 'sample:1', content: tenMore });
    const shipped = [orderPlaced(), orderPaid('77'), orderShipped('s1', { a: '2' })];
    const tenEarned = { '2000': '5', '2100': '0.5', '4000': '-10', '4100': '4.5' };
    expect(lastOf(...shipped, cancelled)).toBeUndefined();
    expect(lastOf(...shipped, amended)).toEqual({ journal: 'sample:1#3', kind: 'amendment', ...tenEarned });
    expect(lastOf(...shipped, released)).toEqual({ journal: 'sample:1#3', kind: 'amendment', ...tenEarned });
    expect(lastOf(...shipped, shipmentCancelled('s1'))).toEqual({
      journal: 'sample:1#3',
      kind: 'shipment',
      '2000': '-27',
      '2100': '2.5',
      '4000': '20',
      '4100': '4.5',
    });
  });

  it('that is a test never reaches the ledger', () => {
    expect(booksAfter(orderPlaced({ test: true }), orderPaid('77'), orderShipped('s1', { a: '2' }))).toEqual(Array(3).fill(undefined));
  });

  it('says in its journals what happened to which order', () => {
    const desk = deskOf(compose());
    desk.hear(orderPlaced());
    expect(desk.hear(orderPaid('77'))).toMatchObject([{ data: { orderId: 'sample:1', currency: 'EUR', memo: 'payment received' } }]);
  });
});

const moved = { item: 'TEA', location: 'A', quantity: '2', cost: '8.20', currency: 'EUR' };
const stock = { subject: 'TEA' };
const line = { lineId: 'a', item: 'TEA', location: 'A', quantity: '2', cost: '8.20' };
const ofOrder = { orderId: 'sample:1', cost: '8.20', currency: 'EUR' };

describe('stock', () => {
  it.each([
    [
      'received is worth something, and owed',
      incoming('stock.received', { ...moved, reference: null }, stock),
      { journal: 'goods/TEA#1', kind: 'goods-receipt', '1200': '8.2', '2400': '-8.2' },
    ],
    [
      'that a count did not find is lost',
      incoming('stock.adjusted', { ...moved, quantity: '-2', cost: '-8.20', reason: 'broken', orderId: null }, stock),
      { journal: 'goods/TEA#1', kind: 'stock-adjustment', '1200': '-8.2', '5100': '8.2' },
    ],
    [
      'shipped is a cost of its order',
      incoming('stock.shipped', { ...ofOrder, shipmentId: 's1', lines: [{ ...line, reserved: [], found: '0' }] }),
      { journal: 'sample:1#1', kind: 'cost-of-goods', '1200': '-8.2', '5000': '8.2' },
    ],
    [
      'back from an order takes the cost back',
      incoming('stock.restocked', { ...ofOrder, refundId: 'r1', lines: [line] }),
      { journal: 'sample:1#1', kind: 'cost-of-goods', '1200': '8.2', '5000': '-8.2' },
    ],
    ['without value posts nothing', incoming('stock.received', { ...moved, cost: '0.00', reference: null }, stock), undefined],
    [
      'of a value in no currency posts nothing',
      incoming('stock.adjusted', { ...moved, currency: null, reason: 'found', orderId: null }, stock),
      undefined,
    ],
  ])('%s', (_what, event, journal) => {
    expect(booksAfter(event)).toEqual([journal]);
  });

  it('shipped leaves alone what an order’s own facts are compared with', () => {
    const shipped = incoming('stock.shipped', { ...ofOrder, shipmentId: 's1', lines: [] });
    expect(lastOf(orderPlaced(), shipped, orderPaid('77'))).toEqual({
      journal: 'sample:1#2',
      kind: 'payment',
      '1000': '77',
      '2000': '-77',
    });
  });
});

describe('an approved payroll run', () => {
  it('is owed to the employees', () => {
    const run = { runId: '2026-01-EUR', period: '2026-01', currency: 'EUR', lines: [], approvedBy: 'clerk' };
    const approved = incoming(
      'payroll.approved',
      { ...run, salaries: '3200.50', commissions: '4.34', total: '3204.84' },
      { subject: '2026-01-EUR' },
    );
    expect(booksAfter(approved)).toEqual([
      { journal: 'payroll/2026-01-EUR#1', kind: 'payroll', '2200': '-3204.84', '6000': '3200.5', '6100': '4.34' },
    ]);
  });
});
