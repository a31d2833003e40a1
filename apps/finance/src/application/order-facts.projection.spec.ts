import type { IncomingEvent } from '@instep/department';
import { incoming, orderContent } from '@instep/testkit/department';
import { describe, expect, it } from '@jest/globals';

import { content, orderPaid, orderPlaced, orderRefunded, orderReturned, orderShipped, shipmentCancelled } from '../../test/order-events.ts';
import type { OrderFacts } from '../domain/order-facts.ts';
import { orderFacts, readFacts } from './order-facts.projection.ts';
import type { OrderFactsRow } from './order-facts.projection.ts';

/** The row after these events, each read back from its text as from a database. */
function rowAfter(...events: readonly IncomingEvent[]): OrderFactsRow | undefined {
  return events.reduce<OrderFactsRow | undefined>((row, event) => {
    const fold = orderFacts.on[event.type];
    if (!fold) throw new Error(`nothing folds ${event.type}`);
    const [key] = fold.keys(event as never);
    expect(key).toEqual(['demo', 'sample:1']);
    return fold.fold(row && { ...row }, event as never, key ?? []);
  }, undefined);
}

function factsAfter(...events: readonly IncomingEvent[]): OrderFacts {
  const row = rowAfter(...events);
  if (!row) throw new Error('the order is unknown');
  return readFacts({ ...row });
}

const lines = {
  a: { quantity: '2', net: '20', tax: '2', giftCard: false },
  card: { quantity: '1', net: '50', tax: '0', giftCard: true },
};
const charges = { shipping: '4.5', dutiesAndFees: '0', tip: '0', rounding: '0', tax: '0.5', channelTax: '0' };
const asPlaced = { currency: 'EUR', test: false, lines, charges, received: '0', shipments: {}, refunds: {} };
const onlyB = orderContent([{ lineId: 'b', net: '7', tax: '0.7' }]);
const lineB = { b: { quantity: '1', net: '7', tax: '0.7', giftCard: false } };
const noCharges = { shipping: '0', dutiesAndFees: '0', tip: '0', rounding: '0', tax: '0', channelTax: '0' };
const nothingBack = { lines: {}, shippingNet: '0', shippingTax: '0', adjustmentNet: '0', adjustmentTax: '0', money: '0' };

describe('what finance knows of an order', () => {
  it('is its content in the shop’s currency once it is placed', () => {
    expect(factsAfter(orderPlaced())).toEqual(asPlaced);
    expect(factsAfter(orderPlaced({ test: true, currencies: { shop: 'USD', presentment: 'CAD' } }))).toMatchObject({
      currency: 'USD',
      test: true,
    });
  });

  it('has every charge where it belongs', () => {
    const charge = (net: string, tax: string) => ({ net: { shop: net, presentment: '99' }, tax: { shop: tax } });
    const given = {
      shipping: charge('1', '0.01'),
      duties: charge('2', '0.02'),
      fees: charge('4', '0.04'),
      tip: { shop: '8' },
      rounding: { shop: '0.03' },
      difference: { shop: '-0.10' },
      channelTax: { shop: '16' },
    };
    expect(factsAfter(orderPlaced({ content: orderContent([], given) })).charges).toEqual({
      shipping: '1',
      dutiesAndFees: '6',
      tip: '8',
      rounding: '-0.07',
      tax: '0.07',
      channelTax: '16',
    });
  });

  it('follows an edit: its content whole, its head only when that changed', () => {
    const { number, placedAt, customer, staffId, locationId, personal } = orderPlaced().data;
    const head = { number, placedAt, customer, staffId, locationId, personal };
    const amended = { orderId: 'sample:1', content: onlyB, changes: [] };
    expect(factsAfter(orderPlaced(), incoming('order.amended', amended))).toEqual({ ...asPlaced, lines: lineB, charges: noCharges });
    const renamed = { ...amended, head: { ...head, test: true, currencies: { shop: 'USD', presentment: 'USD' } } };
    expect(factsAfter(orderPlaced(), incoming('order.amended', renamed))).toMatchObject({ currency: 'USD', test: true, lines: lineB });
    expect(factsAfter(orderPlaced({ test: true }), incoming('order.amended', amended)).test).toBe(true);
  });

  it('follows a release', () => {
    const released = incoming('order.released', { orderId: 'sample:1', content: onlyB });
    expect(factsAfter(orderPlaced({ hold: [] }), orderPaid('5'), released)).toEqual({
      ...asPlaced,
      lines: lineB,
      charges: noCharges,
      received: '5',
    });
  });

  it('has the money received in all, not the sum of what was told', () => {
    expect(factsAfter(orderPlaced(), orderPaid('10'), orderPaid('77.00')).received).toBe('77');
  });

  it('has shipments by id, and not those that did not take place', () => {
    const one = orderShipped('s1', { a: '1' });
    const two = orderShipped('s2', { a: '1.0', card: '1' });
    const facts = factsAfter(orderPlaced(), one, two);
    expect(facts.shipments).toEqual({ s1: { a: '1' }, s2: { a: '1', card: '1' } });
    expect(factsAfter(orderPlaced(), one, two, shipmentCancelled('s1')).shipments).toEqual({ s2: { a: '1', card: '1' } });
    expect(factsAfter(orderPlaced(), one, shipmentCancelled('s1'), orderShipped('s1', { a: '2' })).shipments).toEqual({ s1: { a: '2' } });
    expect(factsAfter(orderPlaced(), shipmentCancelled('never'))).toEqual(asPlaced);
  });

  it('adds up a line that a refund names twice', () => {
    const twice = orderRefunded({
      lines: [
        { lineId: 'a', quantity: '1', net: '10', tax: '1' },
        { lineId: 'a', quantity: '1', net: '9.99', tax: '0.99' },
        { lineId: 'card', quantity: '1', net: '50', tax: '0' },
      ],
      shipping: { net: { shop: '4.5' }, tax: { shop: '0.5' } },
      adjustment: { net: { shop: '3' }, tax: { shop: '0.3' } },
      money: '80.28',
    });
    expect(factsAfter(orderPlaced(), twice).refunds).toEqual({
      r1: {
        lines: { a: { quantity: '2', net: '19.99', tax: '1.99' }, card: { quantity: '1', net: '50', tax: '0' } },
        shippingNet: '4.5',
        shippingTax: '0.5',
        adjustmentNet: '3',
        adjustmentTax: '0.3',
        money: '80.28',
      },
    });
  });

  it('has what a corrected refund says last, and keeps other refunds', () => {
    const corrected = [orderRefunded({ money: '10' }), orderRefunded({ refundId: 'r2', money: '1' }), orderRefunded({ money: '11' })];
    expect(factsAfter(orderPlaced(), ...corrected).refunds).toEqual({
      r1: { ...nothingBack, money: '11' },
      r2: { ...nothingBack, money: '1' },
    });
  });

  it('counts goods back by how they are treated, before or after the money is told', () => {
    const back = orderReturned(['a', 'return', '1'], ['a', 'return', '0.5'], ['a', 'cancel', '0.5'], ['card', 'none', '1']);
    const goods = { a: { return: '1.5', cancel: '0.5' }, card: { none: '1' } };
    const refunded = orderRefunded({ money: '72' });
    const known = { ...asPlaced, refunds: { r1: { ...nothingBack, money: '72', goods } } };
    expect(factsAfter(orderPlaced(), back).refunds).toEqual({ r1: { ...nothingBack, goods } });
    expect(factsAfter(orderPlaced(), back, refunded)).toEqual(known);
    expect(factsAfter(orderPlaced(), refunded, back)).toEqual(known);
    expect(factsAfter(orderPlaced(), refunded, back, orderReturned(['a', 'none', '2'])).refunds['r1']?.goods).toEqual({ a: { none: '2' } });
  });

  it('can begin with any event', () => {
    expect(factsAfter(orderPaid('5', {}, 'JPY'))).toMatchObject({ currency: 'JPY', received: '5', lines: {}, charges: noCharges });
    expect(factsAfter(orderRefunded({ currency: 'USD', money: '1' }))).toMatchObject({ currency: 'USD' });
    const [first, last] = [factsAfter(orderPlaced(), orderPaid('5')), factsAfter(orderPaid('5'), orderPlaced())];
    expect(last).toEqual(first);
  });

  it('keeps nothing of who bought', () => {
    const personal = { name: 'Ada', email: 'ada@example.com', phone: null };
    expect(rowAfter(orderPlaced({ content, personal }))?.facts).not.toMatch(/Ada|ada@/);
  });
});
