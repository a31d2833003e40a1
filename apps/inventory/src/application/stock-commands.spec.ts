import { describe, expect, it } from '@jest/globals';

import { demand, follow, line, receive, register, stockRoom } from '../../test/stock-room.ts';
import { adjustStock } from './adjust-stock.ts';
import { receiveStock } from './receive-stock.ts';
import { registerItem } from './register-item.ts';
import { serveWaiting } from './serve-waiting.ts';

function roomWithTea(quantity: string) {
  const room = stockRoom();
  room.do(register('TEA'));
  room.do(receive('TEA', quantity));
  return room;
}

function adjust(quantity: string, location = 'A') {
  return adjustStock.with({ item: 'TEA', location, quantity, reason: 'count' });
}

describe('RegisterItem', () => {
  const tea = { item: 'TEA', title: 'Tea', unit: 'piece', sku: 'TEA', channelItems: ['shop:2', 'shop:1'] };

  it('is told once, and again when something changed', () => {
    const room = stockRoom();
    expect(room.do(registerItem.with(tea)).events).toEqual([
      { type: 'item.registered', data: { ...tea, channelItems: ['shop:1', 'shop:2'] } },
    ]);
    expect(room.do(registerItem.with(tea)).events).toEqual([]);
    expect(room.do(registerItem.with({ ...tea, title: 'Green tea' })).events).toHaveLength(1);
  });

  it('keeps what other channels call it', () => {
    const room = stockRoom();
    room.do(registerItem.with(tea));
    room.do(registerItem.with({ ...tea, channelItems: ['other:9'] }));
    expect(room.item('TEA').description?.channelItems).toEqual(['other:9', 'shop:1', 'shop:2']);
  });
});

describe('ReceiveStock', () => {
  it('takes goods in at their cost, rounded to the currency', () => {
    const room = stockRoom();
    room.do(register('TEA'));
    const { events } = room.do(receive('TEA', '3', 'A', '0.335'));
    expect(events).toEqual([
      { type: 'stock.received', data: { item: 'TEA', location: 'A', quantity: '3', cost: '1.01', currency: 'EUR', reference: null } },
    ]);
    expect(room.item('TEA')).toMatchObject({ currency: 'EUR', value: '1.01' });
  });

  it('serves who waits longest, over the lines of many orders', () => {
    const room = roomWithTea('1');
    room.do(follow('o1', demand([line('1', 'TEA', '2'), line('2', 'POT', '1')])), { time: '2026-01-01T08:00:00Z' });
    room.do(follow('o2', demand([line('1', 'TEA', '1')])), { time: '2026-01-01T09:00:00Z' });
    expect(room.do(receive('TEA', '5', 'B')).events.slice(1)).toEqual([
      {
        type: 'stock.reserved',
        data: { orderId: 'o1', lines: [{ lineId: '1', item: 'TEA', location: 'B', quantity: '1' }], complete: false },
      },
      {
        type: 'stock.reserved',
        data: { orderId: 'o2', lines: [{ lineId: '1', item: 'TEA', location: 'B', quantity: '1' }], complete: true },
      },
    ]);
    expect(room.faults()).toEqual([]);
  });

  it('gives a waiting order its wished location first', () => {
    const room = stockRoom();
    room.do(register('TEA'));
    room.do(receive('TEA', '1', 'A'));
    room.do(receive('TEA', '1', 'B'));
    room.do(follow('o1', demand([line('1', 'TEA', '2')])));
    room.do(follow('o2', demand([line('1', 'TEA', '1')], { location: 'A' })));
    room.do(follow('o1', demand([line('1', 'TEA', '2')], { cancelled: true })));
    expect(room.stock('TEA')).toEqual(['A: 1/1', 'B: 1/0']);
  });

  it.each([
    ['item/unknown', { item: 'UNHEARD-OF' }],
    ['item/nothing-received', { quantity: '0' }],
    ['item/negative-cost', { unitCost: '-1' }],
    ['item/unknown-currency', { currency: 'XQQ' }],
    ['item/other-currency', { currency: 'USD' }],
  ])('refuses with %s', (code, wrong) => {
    const room = roomWithTea('1');
    const receipt = { item: 'TEA', location: 'A', quantity: '1', unitCost: '1', currency: 'EUR', reference: null, ...wrong };
    expect(room.do(receiveStock.with(receipt)).refused?.code).toBe(code);
  });
});

describe('AdjustStock', () => {
  it('books more and less at the average cost', () => {
    const room = roomWithTea('4');
    expect(room.do(adjust('-1')).events).toEqual([
      {
        type: 'stock.adjusted',
        data: { item: 'TEA', location: 'A', quantity: '-1', cost: '-2', currency: 'EUR', reason: 'count', orderId: null },
      },
    ]);
    room.do(adjust('-3'));
    expect(room.item('TEA').value).toBe('0');
    expect(room.do(adjust('2')).events).toMatchObject([{ data: { cost: '4' } }]);
    expect(room.faults()).toEqual([]);
  });

  it('gives what turned up to who waits', () => {
    const room = roomWithTea('1');
    room.do(follow('o1', demand([line('1', 'TEA', '2')])));
    expect(room.do(adjust('1')).events).toMatchObject([{ type: 'stock.adjusted' }, { type: 'stock.reserved', data: { complete: true } }]);
  });

  it('refuses to take what orders hold, or what is not there', () => {
    const room = roomWithTea('4');
    room.do(follow('o1', demand([line('1', 'TEA', '3')])));
    expect(room.do(adjust('-2')).refused?.code).toBe('item/below-reserved');
    expect(room.do(adjust('-5')).refused?.code).toBe('item/below-zero');
    expect(room.do(adjust('-1', 'B')).refused?.code).toBe('item/below-zero');
    expect(room.do(adjust('0')).refused?.code).toBe('item/nothing-adjusted');
    expect(room.do(adjustStock.with({ item: 'POT', location: 'A', quantity: '1', reason: 'count' })).refused?.code).toBe('item/unknown');
    expect(room.do(adjust('-1')).refused).toBeUndefined();
  });
});

describe('ServeWaiting', () => {
  it('goes on where a large receipt had to stop', () => {
    const room = stockRoom();
    room.do(register('TEA'));
    for (let n = 0; n < 2010; n += 1) {
      room.do(follow(`o${String(n)}`, demand([line('1', 'TEA', '1')])), { time: new Date(Date.UTC(2026, 0, 1) + n).toISOString() });
    }
    expect(room.do(receive('TEA', '3000')).events).toHaveLength(2001);
    expect(room.item('TEA').waiting).toHaveLength(10);
    expect(room.do(follow('late', demand([line('1', 'TEA', '2')]))).events).toMatchObject([
      { type: 'stock.reserved', data: { orderId: 'late', complete: true } },
      ...Array.from({ length: 10 }, (_, n) => ({ type: 'stock.reserved', data: { orderId: `o${String(2000 + n)}` } })),
    ]);
    expect(room.do(serveWaiting.with({ item: 'TEA' })).events).toEqual([]);
    expect(room.faults()).toEqual([]);
  });
});
