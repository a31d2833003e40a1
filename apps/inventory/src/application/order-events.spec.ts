import type { EventType } from '@instep/contracts';
import type { Command } from '@instep/decider';
import type { IncomingEvent, Row, ViewReader } from '@instep/department';
import { incoming, orderContent } from '@instep/testkit/department';
import { describe, expect, it } from '@jest/globals';

import { placed } from '../../test/order-events.ts';
import { receive, register, stockRoom } from '../../test/stock-room.ts';
import { compose } from '../compose.ts';
import type { OrderDemandRow } from './order-demand.projection.ts';
import { demandOf, orderDemand } from './order-demand.projection.ts';

/** Folds order events into the view and asks the reactions, as the runtime does. */
function desk(...receipts: readonly (readonly [item: string, quantity: string])[]) {
  const room = stockRoom();
  for (const [item, quantity] of receipts) {
    room.do(register(item));
    room.do(receive(item, quantity));
  }
  let row: OrderDemandRow | undefined;
  const views = { row: () => row } as ViewReader;
  return {
    room,
    facts: () => row && demandOf(row),
    hear<Type extends EventType>(event: IncomingEvent<Type>): string[] {
      const fold = orderDemand.on[event.type] as
        { keys(e: unknown): readonly string[][]; fold(r: unknown, e: unknown, k: unknown): Row } | undefined;
      for (const key of fold?.keys(event) ?? []) row = fold?.fold(row, event, key) as OrderDemandRow;
      return compose()
        .reactions.filter((one) => one.on === event.type)
        .flatMap((one) => (one.commands as (e: unknown, v: ViewReader) => readonly Command[])(event, views))
        .flatMap((command) => room.do(command).events.map((recorded) => recorded.type));
    },
  };
}

const orderId = 'sample:1';
const shipped = (shipmentId: string, lineId: string, quantity: string) =>
  incoming('order.shipped', {
    orderId,
    shipmentId,
    shippedAt: '2026-01-02T00:00:00Z',
    locationId: 'A',
    lines: [{ lineId, item: 'TEA', quantity }],
    tracking: { company: null, numbers: [], urls: [] },
    complete: false,
  });
const returned = (refundId: string, restock: 'none' | 'cancel' | 'return', quantity: string) =>
  incoming('order.returned', {
    orderId,
    refundId,
    at: '2026-01-03T00:00:00Z',
    lines: [{ lineId: '1', item: 'TEA', quantity, restock, locationId: 'A' }],
  });

describe('what happens to an order', () => {
  it('is followed from placing to return', () => {
    const { hear, room } = desk(['TEA', '5']);
    expect(hear(placed([{ lineId: '1', item: 'TEA', quantity: '4' }]))).toEqual(['stock.reserved']);
    expect(
      hear(incoming('order.amended', { orderId, content: orderContent([{ lineId: '1', item: 'TEA', quantity: '5' }]), changes: [] })),
    ).toEqual(['stock.reserved']);
    expect(hear(shipped('s1', '1', '2'))).toEqual(['stock.shipped']);
    expect(hear(shipped('s2', '1', '1'))).toEqual(['stock.shipped']);
    expect(
      hear(
        incoming('order.shipment-cancelled', {
          orderId,
          shipmentId: 's2',
          locationId: 'A',
          lines: [{ lineId: '1', item: 'TEA', quantity: '1' }],
        }),
      ),
    ).toEqual(['stock.shipped', 'stock.reserved']);
    expect(hear(returned('r1', 'return', '1'))).toEqual(['stock.restocked']);
    expect(hear(incoming('order.cancelled', { orderId, at: '2026-01-04T00:00:00Z', reason: null, afterShipment: true }))).toEqual([
      'stock.released',
    ]);
    expect(room.stock('TEA')).toEqual(['A: 4/0']);
    expect(room.faults()).toEqual([]);
  });

  it('waits while it is held', () => {
    const { hear, room } = desk(['TEA', '5']);
    const hold = [{ code: 'no-item', lineId: '1', message: 'line without an item' }];
    expect(hear(placed([{ lineId: '1', item: null, quantity: '2' }], { hold }))).toEqual([]);
    expect(hear(incoming('order.released', { orderId, content: orderContent([{ lineId: '1', item: 'TEA', quantity: '2' }]) }))).toEqual([
      'stock.reserved',
    ]);
    expect(hear(incoming('order.held', { orderId, reasons: hold }))).toEqual(['stock.released']);
    expect(room.stock('TEA')).toEqual(['A: 5/0']);
  });

  it('needs no stock for gift cards and what is not shipped', () => {
    const { hear, room } = desk();
    expect(
      hear(
        placed([
          { lineId: '1', item: 'GIFT', quantity: '1', giftCard: true },
          { lineId: '2', item: 'LESSON', quantity: '1', shippable: false },
        ]),
      ),
    ).toEqual(['stock.reserved']);
    expect(room.reservation(orderId)).toMatchObject({ complete: true, lines: [] });
  });

  it('is the same told twice', () => {
    const { hear, facts } = desk(['TEA', '5']);
    const events = [placed([{ lineId: '1', item: 'TEA', quantity: '4' }]), shipped('s1', '1', '2'), returned('r1', 'return', '1')];
    for (const event of events) hear(event as IncomingEvent<'order.placed'>);
    const before = facts();
    for (const event of events.slice(1)) expect(hear(event as IncomingEvent<'order.placed'>)).toEqual([]);
    expect(facts()).toEqual(before);
  });
});

describe('what a channel says of a product', () => {
  const variant = {
    variantId: '11',
    item: 'TEA',
    sku: 'TEA',
    barcode: null,
    title: 'Green',
    price: '5',
    inventoryItemId: '77',
    stocked: true,
  };
  const product = {
    channel: 'sample',
    channelProductId: '9',
    reportedAt: '2026-01-01T00:00:00Z',
    title: 'Tea',
    vendor: null,
    type: null,
    status: 'active',
    variants: [
      variant,
      { ...variant, variantId: '12', inventoryItemId: '78', title: 'Black' },
      { ...variant, variantId: '13', item: 'variant:13', sku: null, title: 'Default Title', inventoryItemId: null },
    ],
    contentHash: 'h',
  };

  it('registers an item per SKU, once', () => {
    const { hear, room } = desk();
    expect(hear(incoming('channel-product.reported', product))).toEqual(['item.registered', 'item.registered']);
    expect(hear(incoming('channel-product.reported', product))).toEqual([]);
    expect(room.item('TEA').description).toEqual({
      title: 'Tea - Green',
      unit: 'piece',
      sku: 'TEA',
      channelItems: ['sample:77', 'sample:78'],
    });
    expect(room.item('variant:13').description).toEqual({ title: 'Tea', unit: 'piece', sku: null, channelItems: [] });
  });
});
