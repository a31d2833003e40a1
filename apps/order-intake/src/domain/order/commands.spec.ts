import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Command } from '@instep/decider';
import type { Decisions } from '@instep/testkit';
import { decisions } from '@instep/testkit';
import { decimal } from '@instep/values';

import { noAmounts } from './amounts.ts';
import { cancelOrder } from './cancel-order.ts';
import type { PricedLine } from './content.ts';
import { contentOf, noCharge } from './content.ts';
import { order } from './order.ts';
import { payOrder } from './pay-order.ts';
import { placeOrder } from './place-order.ts';
import { receiveReport } from './receive-report.ts';
import { refundOrder } from './refund-order.ts';
import { releaseOrder } from './release-order.ts';
import { shipOrder } from './ship-order.ts';
import type { Snapshot } from './snapshot.ts';

const orderId = 'direct:1';
const tracking = { company: null, numbers: [], urls: [] };

function line(lineId: string, more: Partial<PricedLine> = {}): PricedLine {
  return {
    lineId,
    item: `SKU-${lineId}`,
    title: `Shirt ${lineId}`,
    quantity: decimal('2'),
    unitPrice: { shop: decimal('10') },
    discount: noAmounts,
    tax: noAmounts,
    channelTax: noAmounts,
    shippable: true,
    giftCard: false,
    ...more,
  };
}

function snapshot(lines: readonly PricedLine[] = [line('A'), line('B')], received = '0', channel = 'direct'): Omit<Snapshot, 'stamp'> {
  return {
    channel,
    channelOrderId: null,
    head: {
      number: '1',
      placedAt: '2026-01-01T00:00:00Z',
      test: false,
      currencies: { shop: 'EUR', presentment: 'EUR' },
      customer: null,
      staffId: null,
      locationId: null,
      personal: null,
    },
    content: contentOf({
      lines,
      taxesIncluded: true,
      shipping: [],
      channelTax: noAmounts,
      duties: noCharge,
      fees: noCharge,
      tip: noAmounts,
      rounding: noAmounts,
    }),
    received: decimal(received),
  };
}

let world: Decisions;
beforeEach(() => {
  world = decisions([order]);
});

function when(command: Command): string[] | string {
  const { events, refused } = world.when(command);
  return refused?.code ?? events.map((event) => event.type.replace('order.', ''));
}

function place(...of: Parameters<typeof snapshot>): string[] | string {
  return when(placeOrder.with({ orderId, ...snapshot(...of) }));
}

describe('a direct order', () => {
  it('is placed, and paid as far as money came', () => {
    expect(place(undefined, '40')).toEqual(['placed', 'paid']);
  });

  it('is refused when it was placed before', () => {
    place();
    expect(place()).toBe('order/already-placed');
  });

  it('without anything to ship is confirmed and, once paid, completed', () => {
    expect(place([line('A', { shippable: false })])).toEqual(['placed', 'confirmed']);
    expect(when(payOrder.with({ orderId, amount: decimal('20') }))).toEqual(['paid', 'completed']);
  });

  it('can be paid and paid back, but not below what was received', () => {
    place();
    expect(when(payOrder.with({ orderId, amount: decimal('15') }))).toEqual(['paid']);
    expect(when(payOrder.with({ orderId, amount: decimal('0') }))).toEqual([]);
    expect(when(payOrder.with({ orderId, amount: decimal('-15.01') }))).toBe('order/more-than-received');
    expect(when(payOrder.with({ orderId, amount: decimal('-15') }))).toEqual(['paid']);
  });

  it('is cancelled once, also after shipment', () => {
    place();
    when(shipOrder.with({ orderId, shipmentId: 's1', lines: [{ lineId: 'A', quantity: '1' }], locationId: null, tracking }));
    const { events } = world.when(cancelOrder.with({ orderId, reason: 'changed mind' }));
    expect(events).toEqual([
      { type: 'order.cancelled', data: { orderId, at: '2026-01-01T00:00:00.000Z', reason: 'changed mind', afterShipment: true } },
    ]);
    expect(when(cancelOrder.with({ orderId, reason: null }))).toBe('order/already-cancelled');
  });

  it('is shipped in parts and, without lines named, as a whole', () => {
    place(undefined, '40');
    expect(
      when(shipOrder.with({ orderId, shipmentId: 's1', lines: [{ lineId: 'A', quantity: '1' }], locationId: 'L1', tracking })),
    ).toEqual(['shipped']);
    const { events } = world.when(shipOrder.with({ orderId, shipmentId: 's2', locationId: 'L1', tracking }));
    expect(events.map((event) => event.type)).toEqual(['order.shipped', 'order.completed']);
    expect(events[0]?.data).toMatchObject({
      complete: true,
      lines: [
        { lineId: 'A', item: 'SKU-A', quantity: '1' },
        { lineId: 'B', item: 'SKU-B', quantity: '2' },
      ],
    });
    expect(when(shipOrder.with({ orderId, shipmentId: 's3', locationId: 'L1', tracking }))).toBe('order/nothing-to-ship');
  });

  it('is not shipped beyond what is left, of lines it does not have, when cancelled or on hold', () => {
    const ship = (lineId: string, ...quantities: string[]) =>
      when(
        shipOrder.with({
          orderId,
          shipmentId: 's',
          lines: quantities.map((quantity) => ({ lineId, quantity })),
          locationId: null,
          tracking,
        }),
      );
    expect(ship('A', '1')).toBe('order/unknown');
    place();
    expect(ship('A', '3')).toBe('order/more-than-left');
    expect(ship('A', '1', '1')).toBe('order/more-than-left');
    expect(ship('X', '1')).toBe('order/more-than-left');
    when(cancelOrder.with({ orderId, reason: null }));
    expect(ship('A', '1')).toBe('order/already-cancelled');
  });

  it('is refunded up to what was ordered and received', () => {
    place(undefined, '40');
    const refund = (refundId: string, quantity: string, money: string) =>
      when(
        refundOrder.with({
          orderId,
          refund: {
            refundId,
            lines: [{ lineId: 'A', quantity, net: '10', tax: '0', restock: 'cancel', locationId: null }],
            shipping: noCharge,
            adjustment: noCharge,
            money,
          },
        }),
      );
    expect(refund('r1', '3', '10')).toBe('order/more-than-ordered');
    expect(refund('r1', '1', '40.01')).toBe('order/more-than-received');
    expect(refund('r1', '1', '10')).toEqual(['refunded', 'returned']);
    expect(refund('r2', '2', '10')).toBe('order/more-than-ordered');
    expect(refund('r2', '1', '30.01')).toBe('order/more-than-received');
  });
});

describe('an order on hold', () => {
  const nameless = [line('A'), line('B', { item: null })];
  const release = (assigned: { lineId: string; item: string }[], accepted: string[] = []) =>
    when(releaseOrder.with({ orderId, assigned, accepted }));

  it('is released with items for the lines that name none', () => {
    place(nameless);
    const { events } = world.when(releaseOrder.with({ orderId, assigned: [{ lineId: 'B', item: 'SHIRT' }], accepted: [] }));
    expect(events).toMatchObject([
      {
        type: 'order.released',
        data: { assigned: [{ lineId: 'B', item: 'SHIRT' }], content: { lines: [{ item: 'SKU-A' }, { item: 'SHIRT' }] } },
      },
    ]);
    expect(world.state(order, orderId).lines[1]).toMatchObject({ id: 'B', item: 'SHIRT' });
    expect(release([])).toBe('order/not-held');
  });

  it('is not released while a reason remains, for lines that have an item, or when unknown', () => {
    expect(release([])).toBe('order/unknown');
    place(nameless);
    expect(release([])).toBe('order/still-held');
    expect(release([], ['line-without-item'])).toBe('order/still-held');
    expect(release([{ lineId: 'A', item: 'X' }])).toBe('order/line-needs-no-item');
    expect(release([{ lineId: 'X', item: 'X' }])).toBe('order/line-needs-no-item');
  });

  it('is released when somebody accepts a price below zero, but nobody accepts an unknown currency', () => {
    place([line('A', { unitPrice: { shop: decimal('-1') } })]);
    expect(release([], ['negative-price'])).toEqual(['released']);
    const other = decisions([order]);
    const { head, ...rest } = snapshot();
    other.when(placeOrder.with({ orderId, ...rest, head: { ...head, currencies: { shop: 'XQZ', presentment: 'XQZ' } } }));
    expect(other.when(releaseOrder.with({ orderId, assigned: [], accepted: ['unknown-currency'] })).refused?.code).toBe('order/still-held');
  });

  it('keeps the chosen items and what was accepted when its channel reports it again', () => {
    const report = (second: number, lines: readonly PricedLine[]) =>
      when(
        receiveReport.with({
          orderId,
          snapshot: { ...snapshot(lines, '0', 'sample'), stamp: { at: `2026-01-01T00:00:0${String(second)}Z`, tie: '' } },
          refunds: [],
          shipments: [],
        }),
      );
    const odd = [...nameless, line('C', { unitPrice: { shop: decimal('-1') } })];
    expect(report(1, odd)).toEqual(['placed']);
    expect(release([{ lineId: 'B', item: 'SHIRT' }], ['negative-price'])).toEqual(['released']);
    expect(report(2, odd)).toEqual(['noted']);
    expect(report(3, [...odd, line('D')])).toEqual(['amended']);
    expect(world.state(order, orderId).lines[1]).toMatchObject({ item: 'SHIRT' });
  });
});

describe('an order of a channel', () => {
  it('is changed in its channel, not here', () => {
    when(
      receiveReport.with({
        orderId,
        snapshot: { ...snapshot(undefined, '0', 'sample'), stamp: { at: '2026-01-01T00:00:00Z', tie: '' } },
        refunds: [],
        shipments: [],
      }),
    );
    const refund = { refundId: 'r', lines: [], shipping: noCharge, adjustment: noCharge, money: '0' };
    for (const command of [
      cancelOrder.with({ orderId, reason: null }),
      payOrder.with({ orderId, amount: decimal('1') }),
      shipOrder.with({ orderId, shipmentId: 's', locationId: null, tracking }),
      refundOrder.with({ orderId, refund }),
    ]) {
      expect(when(command)).toBe('order/kept-by-channel');
    }
  });
});

describe('an order nobody knows', () => {
  it('cannot be changed', () => {
    expect(when(cancelOrder.with({ orderId, reason: null }))).toBe('order/unknown');
    expect(when(payOrder.with({ orderId, amount: decimal('1') }))).toBe('order/unknown');
  });
});
