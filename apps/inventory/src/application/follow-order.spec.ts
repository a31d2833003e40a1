import { describe, expect, it } from '@jest/globals';

import { demand, follow, line, receive, refund, register, shipment, stockRoom } from '../../test/stock-room.ts';

function roomWith(...receipts: readonly (readonly [item: string, quantity: string, location?: string])[]) {
  const room = stockRoom();
  for (const [item, quantity, location] of receipts) {
    room.do(register(item));
    room.do(receive(item, quantity, location));
  }
  return room;
}

describe('FollowOrder: setting stock aside', () => {
  it('reserves every line and says that nothing is missing', () => {
    const room = roomWith(['TEA', '10'], ['POT', '3']);
    const { events } = room.do(follow('o1', demand([line('1', 'TEA', '4'), line('2', 'POT', '3')])));
    expect(events).toEqual([
      {
        type: 'stock.reserved',
        data: {
          orderId: 'o1',
          lines: [
            { lineId: '1', item: 'TEA', location: 'A', quantity: '4' },
            { lineId: '2', item: 'POT', location: 'A', quantity: '3' },
          ],
          complete: true,
        },
      },
    ]);
    expect(room.stock('TEA')).toEqual(['A: 10/4']);
    expect(room.faults()).toEqual([]);
  });

  it('does nothing when told the same again', () => {
    const room = roomWith(['TEA', '3']);
    const facts = demand([line('1', 'TEA', '5')]);
    expect(room.do(follow('o1', facts)).events).toHaveLength(2);
    expect(room.do(follow('o1', facts)).events).toEqual([]);
  });

  it('takes the wished location first, then where most is', () => {
    const room = roomWith(['TEA', '2', 'A'], ['TEA', '5', 'B'], ['TEA', '4', 'C']);
    room.do(follow('o1', demand([line('1', 'TEA', '8')], { location: 'A' })));
    expect(room.stock('TEA')).toEqual(['A: 2/2', 'B: 5/5', 'C: 4/1']);
  });

  it('reserves what is there and says what is missing, of all lines', () => {
    const room = roomWith(['TEA', '3']);
    const { events } = room.do(follow('o1', demand([line('1', 'TEA', '5'), line('2', 'UNHEARD-OF', '1')], { location: 'A' })), {
      time: '2026-01-01T08:00:00Z',
    });
    expect(events).toEqual([
      {
        type: 'stock.reserved',
        data: { orderId: 'o1', lines: [{ lineId: '1', item: 'TEA', location: 'A', quantity: '3' }], complete: false },
      },
      {
        type: 'stock.short',
        data: {
          orderId: 'o1',
          locationId: 'A',
          lines: [
            { lineId: '1', item: 'TEA', missing: '2', since: '2026-01-01T08:00:00Z' },
            { lineId: '2', item: 'UNHEARD-OF', missing: '1', since: '2026-01-01T08:00:00Z' },
          ],
        },
      },
    ]);
    expect(room.item('TEA').waiting).toEqual([['2026-01-01T08:00:00Z', 'o1', '1', '2']]);
  });

  it('says of an order without goods that nothing is missing, once', () => {
    const room = stockRoom();
    const facts = demand([{ lineId: '1', item: 'GIFT', quantity: '1', stocked: false }]);
    expect(room.do(follow('o1', facts)).events).toEqual([{ type: 'stock.reserved', data: { orderId: 'o1', lines: [], complete: true } }]);
    expect(room.do(follow('o1', facts)).events).toEqual([]);
  });

  it('says nothing of an order whose lines are not known yet', () => {
    const room = stockRoom();
    expect(room.do(follow('o1', { ...demand([]), placed: false })).events).toEqual([]);
  });

  it('serves two lines of the same item from one stock', () => {
    const room = roomWith(['TEA', '3']);
    room.do(follow('o1', demand([line('1', 'TEA', '2'), line('2', 'TEA', '2')])));
    expect(room.reservation('o1').lines.map(({ lineId, missing }) => [lineId, missing])).toEqual([
      ['1', '0'],
      ['2', '1'],
    ]);
    expect(room.faults()).toEqual([]);
  });

  it('takes ten thousand lines', () => {
    const room = roomWith(['TEA', '3']);
    const lines = Array.from({ length: 10_000 }, (_, n) => line(String(n), n % 2 === 0 ? 'TEA' : `ITEM-${String(n)}`, '1'));
    const { events } = room.do(follow('o1', demand(lines)));
    expect(events.map((event) => (event.data as { lines: unknown[] }).lines.length)).toEqual([3, 9997]);
    expect(room.do(follow('o1', demand(lines, { cancelled: true }))).events).toHaveLength(1);
  });

  it('moves nothing for a quantity that makes no sense', () => {
    const room = roomWith(['TEA', '3']);
    const { events } = room.do(follow('o1', demand([line('1', 'TEA', '-2'), line('2', 'TEA', '0')])));
    expect(events).toEqual([{ type: 'stock.reserved', data: { orderId: 'o1', lines: [], complete: true } }]);
  });

  it('reserves nothing for a held order until it is released, with the item that was mended', () => {
    const room = roomWith(['TEA', '3']);
    expect(room.do(follow('o1', demand([line('1', null, '2')], { held: true }))).events).toEqual([]);
    room.do(follow('o1', demand([line('1', 'TEA', '2')])));
    expect(room.stock('TEA')).toEqual(['A: 3/2']);
    const { events } = room.do(follow('o1', demand([line('1', 'TEA', '2')], { held: true })));
    expect(events).toMatchObject([{ type: 'stock.released', data: { reason: 'order-held', complete: false } }]);
    expect(room.stock('TEA')).toEqual(['A: 3/0']);
  });
});

describe('FollowOrder: a smaller order', () => {
  it('waives what is missing before it releases', () => {
    const room = roomWith(['TEA', '3']);
    room.do(follow('o1', demand([line('1', 'TEA', '5')])));
    expect(room.do(follow('o1', demand([line('1', 'TEA', '4')]))).events).toEqual([
      {
        type: 'stock.released',
        data: { orderId: 'o1', lines: [], waived: [{ lineId: '1', item: 'TEA', quantity: '1' }], reason: 'order-changed', complete: false },
      },
    ]);
    expect(room.do(follow('o1', demand([line('1', 'TEA', '1')]))).events).toMatchObject([
      { type: 'stock.released', data: { lines: [{ location: 'A', quantity: '2' }], waived: [{ quantity: '1' }], complete: true } },
    ]);
    expect(room.faults()).toEqual([]);
  });

  it('says again what is missing only when it is more', () => {
    const room = roomWith(['TEA', '3']);
    room.do(follow('o1', demand([line('1', 'TEA', '5')])), { time: '2026-01-01T08:00:00Z' });
    expect(room.do(follow('o1', demand([line('1', 'TEA', '6')])), { time: '2026-01-01T09:00:00Z' }).events).toMatchObject([
      { type: 'stock.short', data: { lines: [{ missing: '3', since: '2026-01-01T08:00:00Z' }] } },
    ]);
  });

  it('gives what a cancelled order held to those who wait, in the same decision', () => {
    const room = roomWith(['TEA', '3']);
    room.do(follow('o1', demand([line('1', 'TEA', '3')])), { time: '2026-01-01T08:00:00Z' });
    room.do(follow('o3', demand([line('1', 'TEA', '2')])), { time: '2026-01-01T10:00:00Z' });
    room.do(follow('o2', demand([line('1', 'TEA', '2')])), { time: '2026-01-01T09:00:00Z' });
    const { events } = room.do(follow('o1', demand([line('1', 'TEA', '3')], { cancelled: true })));
    expect(events).toEqual([
      {
        type: 'stock.released',
        data: {
          orderId: 'o1',
          lines: [{ lineId: '1', item: 'TEA', location: 'A', quantity: '3' }],
          waived: [],
          reason: 'order-cancelled',
          complete: false,
        },
      },
      {
        type: 'stock.reserved',
        data: { orderId: 'o2', lines: [{ lineId: '1', item: 'TEA', location: 'A', quantity: '2' }], complete: true },
      },
      {
        type: 'stock.reserved',
        data: { orderId: 'o3', lines: [{ lineId: '1', item: 'TEA', location: 'A', quantity: '1' }], complete: false },
      },
    ]);
    expect(room.faults()).toEqual([]);
  });

  it('does not let a new order pass those who wait', () => {
    const room = roomWith(['TEA', '1']);
    room.do(follow('o1', demand([line('1', 'TEA', '3')])));
    room.do(follow('o2', demand([line('1', 'TEA', '1')])));
    expect(room.reservation('o2').complete).toBe(false);
    room.do(receive('TEA', '2'));
    expect(room.reservation('o1').complete).toBe(true);
    expect(room.reservation('o2').complete).toBe(false);
  });

  it('lets an order keep what it held when only its lines change places', () => {
    const room = roomWith(['TEA', '2']);
    room.do(follow('o1', demand([line('1', 'TEA', '2')])));
    room.do(follow('o2', demand([line('1', 'TEA', '2')])));
    room.do(follow('o1', demand([line('1', 'TEA', '0'), line('2', 'TEA', '2')])));
    expect(room.reservation('o1').lines.map((one) => one.reserved)).toEqual([[], [{ location: 'A', quantity: '2' }]]);
    expect(room.faults()).toEqual([]);
  });
});

describe('FollowOrder: shipments', () => {
  it('ships from what was set aside, at the average cost', () => {
    const room = roomWith(['TEA', '4']);
    room.do(receive('TEA', '4', 'A', '3.00'));
    const lines = [line('1', 'TEA', '3')];
    room.do(follow('o1', demand(lines)));
    expect(room.do(follow('o1', demand(lines, { shipments: [shipment('s1', '1', '2')] }))).events).toEqual([
      {
        type: 'stock.shipped',
        data: {
          orderId: 'o1',
          shipmentId: 's1',
          lines: [
            { lineId: '1', item: 'TEA', location: 'A', quantity: '2', reserved: [{ location: 'A', quantity: '2' }], found: '0', cost: '5' },
          ],
          cost: '5',
          currency: 'EUR',
        },
      },
    ]);
    expect(room.stock('TEA')).toEqual(['A: 6/1']);
    expect(room.faults()).toEqual([]);
  });

  it('ships from another location than the one where it was set aside', () => {
    const room = roomWith(['TEA', '2', 'A'], ['TEA', '5', 'B']);
    const lines = [line('1', 'TEA', '2')];
    room.do(follow('o1', demand(lines)));
    expect(room.stock('TEA')).toEqual(['A: 2/0', 'B: 5/2']);
    expect(room.do(follow('o1', demand(lines, { shipments: [shipment('s1', '1', '2', 'A')] }))).events).toMatchObject([
      { type: 'stock.shipped', data: { lines: [{ location: 'A', reserved: [{ location: 'B', quantity: '2' }], found: '0' }] } },
    ]);
    expect(room.stock('TEA')).toEqual(['A: 0/0', 'B: 5/0']);
    expect(room.faults()).toEqual([]);
  });

  it('finds goods that the books did not have rather than going below zero', () => {
    const room = roomWith(['TEA', '1']);
    const lines = [line('1', 'TEA', '3')];
    room.do(follow('o1', demand(lines)));
    const { events } = room.do(follow('o1', demand(lines, { shipments: [shipment('s1', '1', '3')] })));
    expect(events).toMatchObject([
      { type: 'stock.released', data: { lines: [], waived: [{ quantity: '2' }], complete: true } },
      { type: 'stock.adjusted', data: { quantity: '2', cost: '4', reason: 'found-at-shipment', orderId: 'o1' } },
      { type: 'stock.shipped', data: { lines: [{ quantity: '3', reserved: [{ quantity: '1' }], found: '2', cost: '6' }] } },
    ]);
    expect(room.stock('TEA')).toEqual(['A: 0/0']);
    expect(room.faults()).toEqual([]);
  });

  it('never takes what another order holds', () => {
    const room = roomWith(['TEA', '2', 'A'], ['TEA', '2', 'B']);
    room.do(follow('o2', demand([line('1', 'TEA', '2')], { location: 'A' })));
    room.do(follow('o1', demand([line('1', 'TEA', '2')], { location: 'B', shipments: [shipment('s1', '1', '2', 'A')] })));
    expect(room.stock('TEA')).toEqual(['A: 2/2', 'B: 2/0']);
    expect(room.faults()).toEqual([]);
  });

  it('puts the goods of a cancelled shipment back and aside again', () => {
    const room = roomWith(['TEA', '1']);
    const lines = [line('1', 'TEA', '3')];
    room.do(follow('o1', demand(lines)));
    room.do(follow('o1', demand(lines, { shipments: [shipment('s1', '1', '3')] })));
    const { events } = room.do(follow('o1', demand(lines)));
    expect(events).toMatchObject([
      { type: 'stock.shipped', data: { shipmentId: 's1', cost: '-6', lines: [{ quantity: '-3', reserved: [], found: '-2', cost: '-6' }] } },
      { type: 'stock.adjusted', data: { quantity: '-2', cost: '-4', reason: 'found-at-shipment' } },
      { type: 'stock.reserved', data: { lines: [{ quantity: '1' }], complete: false } },
      { type: 'stock.short', data: { lines: [{ missing: '2' }] } },
    ]);
    expect(room.stock('TEA')).toEqual(['A: 1/1']);
    expect(room.faults()).toEqual([]);
  });

  it('follows a shipment that is told again with other lines', () => {
    const room = roomWith(['TEA', '5']);
    const lines = [line('1', 'TEA', '3')];
    room.do(follow('o1', demand(lines, { shipments: [shipment('s1', '1', '3')] })));
    room.do(follow('o1', demand(lines, { shipments: [shipment('s1', '1', '1')] })));
    expect(room.stock('TEA')).toEqual(['A: 4/2']);
    expect(room.faults()).toEqual([]);
  });

  it('ships from where goods are set aside when the shipment does not say where from', () => {
    const room = roomWith(['TEA', '2', 'A'], ['TEA', '5', 'B']);
    const facts = demand([line('1', 'TEA', '6')], { shipments: [shipment('s1', '1', '6', null)] });
    room.do(follow('o1', facts));
    expect(room.stock('TEA')).toEqual(['A: 1/0', 'B: 0/0']);
    expect(room.do(follow('o1', facts)).events).toEqual([]);
  });

  it('ships a line of an order that was never told, and passes over lines without goods', () => {
    const room = roomWith(['TEA', '2']);
    const early = { id: 's1', at: '2026-01-02T00:00:00Z', location: 'A', lines: [{ lineId: '1', item: 'TEA', quantity: '2' }] };
    const { events } = room.do(follow('o1', { ...demand([], { shipments: [early] }), placed: false }));
    expect(events).toMatchObject([{ type: 'stock.shipped' }]);
    expect(room.do(follow('o1', demand([line('1', 'TEA', '2')], { shipments: [early] }))).events).toEqual([
      { type: 'stock.reserved', data: { orderId: 'o1', lines: [], complete: true } },
    ]);
    const gift = demand([{ lineId: '1', item: 'GIFT', quantity: '1', stocked: false }], { shipments: [shipment('s2', '1', '1')] });
    expect(room.do(follow('o2', gift)).events).toMatchObject([{ type: 'stock.reserved', data: { lines: [] } }]);
  });

  it('keeps amounts of two currencies apart', () => {
    const room = roomWith(['TEA', '2']);
    room.do(register('POT'));
    room.do({ ...receive('POT', '1'), data: { ...(receive('POT', '1').data as object), currency: 'JPY' } as never });
    const both = {
      id: 's1',
      at: '2026-01-02T00:00:00Z',
      location: 'A',
      lines: ['1', '2'].map((lineId) => ({ lineId, item: null, quantity: '1' })),
    };
    const { events } = room.do(follow('o1', demand([line('1', 'TEA', '1'), line('2', 'POT', '1')], { shipments: [both] })));
    expect(events).toMatchObject([
      { type: 'stock.shipped', data: { currency: 'EUR', cost: '2' } },
      { type: 'stock.shipped', data: { currency: 'JPY', cost: '2' } },
      { type: 'stock.reserved', data: { lines: [], complete: true } },
    ]);
  });
});

describe('FollowOrder: refunds', () => {
  const lines = [line('1', 'TEA', '3')];

  it('releases what a refund cancels', () => {
    const room = roomWith(['TEA', '5']);
    room.do(follow('o1', demand(lines)));
    room.do(follow('o1', demand(lines, { refunds: [refund('r1', 'cancel', '1', '2')] })));
    expect(room.stock('TEA')).toEqual(['A: 5/1']);
  });

  it('takes goods back at the cost they left with, whatever the average is by then', () => {
    const room = roomWith(['TEA', '3']);
    const shipped = demand(lines, { shipments: [shipment('s1', '1', '3')] });
    room.do(follow('o1', shipped));
    room.do(receive('TEA', '10', 'A', '9.00'));
    expect(room.do(follow('o1', { ...shipped, refunds: [refund('r1', 'return', '1', '1')] })).events).toEqual([
      {
        type: 'stock.restocked',
        data: {
          orderId: 'o1',
          refundId: 'r1',
          lines: [{ lineId: '1', item: 'TEA', location: 'A', quantity: '1', cost: '2' }],
          cost: '2',
          currency: 'EUR',
        },
      },
    ]);
    expect(room.item('TEA').value).toBe('92');
    expect(room.faults()).toEqual([]);
  });

  it('takes back no more than left, and the rest once a shipment explains it', () => {
    const room = roomWith(['TEA', '3']);
    const refunds = [refund('r1', 'return', '1', '2')];
    room.do(follow('o1', demand(lines, { shipments: [shipment('s1', '1', '1')], refunds })));
    expect(room.stock('TEA')).toEqual(['A: 3/2']);
    room.do(follow('o1', demand(lines, { shipments: [shipment('s1', '1', '1'), shipment('s2', '1', '2')], refunds })));
    expect(room.stock('TEA')).toEqual(['A: 2/0']);
    expect(room.faults()).toEqual([]);
  });

  it('takes a return back when its shipment turns out not to have taken place', () => {
    const room = roomWith(['TEA', '3']);
    const refunds = [refund('r1', 'return', '1', '3')];
    room.do(follow('o1', demand(lines, { shipments: [shipment('s1', '1', '3')], refunds })));
    room.do(follow('o1', demand(lines, { refunds })));
    expect(room.stock('TEA')).toEqual(['A: 3/3']);
    expect(room.reservation('o1').restocked).toEqual([]);
    expect(room.faults()).toEqual([]);
  });

  it('leaves stock alone when shipped goods are refunded and stay with the buyer', () => {
    const room = roomWith(['TEA', '3']);
    const shipped = demand(lines, { shipments: [shipment('s1', '1', '3')] });
    room.do(follow('o1', shipped));
    expect(room.do(follow('o1', { ...shipped, refunds: [refund('r1', 'none', '1', '2')] })).events).toEqual([]);
  });

  it('adjusts goods out that are refunded unshipped and not put back', () => {
    const room = roomWith(['TEA', '5']);
    room.do(follow('o1', demand(lines)));
    const { events } = room.do(follow('o1', demand(lines, { refunds: [refund('r1', 'none', '1', '2')] })));
    expect(events).toMatchObject([
      { type: 'stock.released', data: { lines: [{ location: 'A', quantity: '2' }], complete: true } },
      {
        type: 'stock.adjusted',
        data: { item: 'TEA', location: 'A', quantity: '-2', cost: '-4', reason: 'refunded-not-restocked', orderId: 'o1' },
      },
    ]);
    expect(room.stock('TEA')).toEqual(['A: 3/1']);
    expect(room.faults()).toEqual([]);
  });

  it('takes that back when it turns out that they had been shipped before', () => {
    const room = roomWith(['TEA', '5']);
    const refunds = [refund('r1', 'none', '1', '2', '2026-01-03T00:00:00Z')];
    room.do(follow('o1', demand(lines, { refunds })));
    room.do(follow('o1', demand(lines, { refunds, shipments: [shipment('s1', '1', '2', 'A', '2026-01-02T00:00:00Z')] })));
    expect(room.stock('TEA')).toEqual(['A: 3/1']);
    expect(room.reservation('o1').gone).toEqual([]);
    expect(room.faults()).toEqual([]);
  });

  it('knows by the clock of the channel that the rest was shipped after the refund', () => {
    const room = roomWith(['TEA', '5']);
    const refunds = [refund('r1', 'none', '1', '2', '2026-01-03T00:00:00Z')];
    room.do(follow('o1', demand(lines, { refunds, shipments: [shipment('s1', '1', '1', 'A', '2026-01-04T00:00:00Z')] })));
    expect(room.stock('TEA')).toEqual(['A: 2/0']);
  });

  it('ends right when a shipped order is cancelled and refunded', () => {
    const room = roomWith(['TEA', '5']);
    room.do(follow('o1', demand(lines)));
    room.do(
      follow(
        'o1',
        demand(lines, {
          cancelled: true,
          shipments: [shipment('s1', '1', '1')],
          refunds: [refund('r1', 'return', '1', '1'), refund('r2', 'cancel', '1', '2')],
        }),
      ),
    );
    expect(room.stock('TEA')).toEqual(['A: 5/0']);
    expect(room.item('TEA').value).toBe('10');
    expect(room.faults()).toEqual([]);
  });
});
