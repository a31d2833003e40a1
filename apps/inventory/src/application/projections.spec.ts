import { incoming } from '@instep/testkit/department';
import { describe, expect, it } from '@jest/globals';

import { demand, follow, line, receive, refund, register, shipment, stockRoom } from '../../test/stock-room.ts';
import { channelItem } from './channel-item.projection.ts';
import { channelStock } from './channel-stock.projection.ts';
import { itemCatalog } from './item-catalog.projection.ts';
import { reservationLine } from './reservation-line.projection.ts';
import { stockLevel } from './stock-level.projection.ts';

const at = { tenant: 'demo', id: 'TEA', version: 1 };

describe('stock_level and item_catalog', () => {
  it('show an item at all its locations, and what it is worth there', () => {
    const room = stockRoom();
    room.do(register('TEA'));
    room.do(receive('TEA', '1', 'A', '1.00'));
    room.do(receive('TEA', '2', 'B', '1.01'));
    room.do(follow('o1', demand([line('1', 'TEA', '1')])));
    expect(stockLevel.rows(room.item('TEA'), at)).toEqual([
      { tenant: 'demo', item: 'TEA', location: 'A', onHand: '1', reserved: '0', available: '1', value: '1.01', currency: 'EUR' },
      { tenant: 'demo', item: 'TEA', location: 'B', onHand: '2', reserved: '1', available: '1', value: '2.01', currency: 'EUR' },
    ]);
    expect(itemCatalog.rows(room.item('TEA'), at)).toEqual([
      { tenant: 'demo', item: 'TEA', title: 'TEA', unit: 'piece', sku: 'TEA', channelItems: '[]' },
    ]);
  });

  it('show no item that only an order named', () => {
    const room = stockRoom();
    room.do(follow('o1', demand([line('1', 'UNHEARD-OF', '1')])));
    expect(stockLevel.rows(room.item('UNHEARD-OF'), at)).toEqual([]);
    expect(itemCatalog.rows(room.item('UNHEARD-OF'), at)).toEqual([]);
  });
});

describe('reservation_line', () => {
  it('shows what is set aside, missing, shipped and back', () => {
    const room = stockRoom();
    room.do(register('TEA'));
    room.do(receive('TEA', '4'));
    const facts = demand([line('1', 'TEA', '7')], { shipments: [shipment('s1', '1', '3')], refunds: [refund('r1', 'return', '1', '1')] });
    room.do(follow('o1', facts), { time: '2026-01-05T00:00:00Z' });
    expect(reservationLine.rows(room.reservation('o1'), { tenant: 'demo', id: 'o1', version: 1 })).toEqual([
      {
        tenant: 'demo',
        orderId: 'o1',
        lineId: '1',
        item: 'TEA',
        reserved: '2',
        missing: '2',
        since: '2026-01-05T00:00:00Z',
        shipped: '3',
        restocked: '1',
      },
    ]);
  });
});

describe('channel_stock and channel_item', () => {
  const report = (available: string | null, reportedAt: string) =>
    incoming('channel-stock.reported', {
      channel: 'sample',
      inventoryItemId: '77',
      locationId: 'A',
      available,
      reportedAt,
      contentHash: 'h',
    });
  const key = ['demo', 'sample', '77', 'A'];

  it('keep the newest report, whichever comes last', () => {
    const fold = channelStock.on['channel-stock.reported'];
    const old = report('5', '2026-01-01T00:00:00Z');
    const late = report('3', '2026-01-02T00:00:00Z');
    expect(fold?.keys(old)).toEqual([key]);
    const after = fold?.fold(fold.fold(undefined, old, key), late, key);
    expect(after).toMatchObject({ available: '3' });
    expect(fold?.fold(after, old, key)).toBe(after);
  });

  it('know which item a channel means', () => {
    const fold = channelItem.on['channel-product.reported'];
    const variant = { variantId: '1', item: 'TEA', sku: 'TEA', barcode: null, title: '', price: '1', inventoryItemId: '77', stocked: true };
    const event = incoming('channel-product.reported', {
      channel: 'sample',
      channelProductId: '9',
      reportedAt: '2026-01-01T00:00:00Z',
      title: 'Tea',
      vendor: null,
      type: null,
      status: null,
      variants: [variant, { ...variant, variantId: '2', inventoryItemId: null }],
      contentHash: 'h',
    });
    expect(fold?.keys(event)).toEqual([['demo', 'sample', '77']]);
    const row = fold?.fold(undefined, event, ['demo', 'sample', '77']);
    expect(row).toMatchObject({ item: 'TEA', channelItem: '77' });
    const older = { ...event, data: { ...event.data, reportedAt: '2025-01-01T00:00:00Z' } };
    expect(fold?.fold(row, older, ['demo', 'sample', '77'])).toBe(row);
  });
});
