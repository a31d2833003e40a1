import { describe, expect, it } from '@jest/globals';
import { decimal, zero } from '@instep/values';
import fc from 'fast-check';

import { accounts } from '../chart-of-accounts.ts';
import type { GoodsBack, OrderFacts, RefundFacts } from '../order-facts.ts';
import { imbalance } from '../postings.ts';
import type { Postings } from '../postings.ts';
import { orderTarget } from './order-target.ts';

const noCharges = { shipping: zero, dutiesAndFees: zero, tip: zero, rounding: zero, tax: zero, channelTax: zero };

const order: OrderFacts = {
  currency: 'EUR',
  test: false,
  lines: {
    a: { quantity: decimal('3'), net: decimal('100'), tax: decimal('19'), giftCard: false },
    b: { quantity: decimal('1'), net: decimal('50'), tax: decimal('9.5'), giftCard: false },
  },
  charges: { ...noCharges, shipping: decimal('5'), tax: decimal('0.95') },
  received: decimal('184.45'),
  shipments: {},
  refunds: {},
};

function refund(goods: GoodsBack, line: string, quantity: string, net: string, tax: string, money: string): RefundFacts {
  return {
    lines: { [line]: { quantity: decimal(quantity), net: decimal(net), tax: decimal(tax) } },
    shippingNet: zero,
    shippingTax: zero,
    adjustmentNet: zero,
    adjustmentTax: zero,
    money: decimal(money),
    goods: { [line]: { [goods]: decimal(quantity) } },
  };
}

const shipped = (line: string, quantity: string) => ({ [line]: decimal(quantity) });

/** By name of the account, without zeros. */
function named(postings: Postings): Record<string, string> {
  const names = new Map(Object.entries(accounts).map(([name, { number }]) => [number as string, name]));
  return Object.fromEntries(
    Object.entries(postings)
      .filter(([, amount]) => amount !== zero)
      .map(([account, amount]) => [names.get(account) ?? account, amount]),
  );
}

describe('what the books say of an order', () => {
  it('is nothing before money or goods move', () => {
    expect(named(orderTarget({ ...order, received: zero }, 2))).toEqual({});
  });

  it('keeps a payment as a deposit until something ships', () => {
    expect(named(orderTarget(order, 2))).toEqual({ clearing: '184.45', deposits: '-184.45' });
  });

  it('earns lines in proportion and charges with the first shipment', () => {
    const facts = { ...order, shipments: { one: shipped('a', '1') } };
    expect(named(orderTarget(facts, 2))).toEqual({
      clearing: '184.45',
      sales: '-33.33',
      tax: '-7.28',
      shipping: '-5',
      deposits: '-138.84',
    });
  });

  it('ends at exactly what was ordered, however the shipments were cut', () => {
    const whole = { ...order, shipments: { all: { a: decimal('3'), b: decimal('1') } } };
    const cut = { ...order, shipments: { one: shipped('a', '1'), two: shipped('a', '1'), three: { a: decimal('1'), b: decimal('1') } } };
    expect(orderTarget(cut, 2)).toEqual(orderTarget(whole, 2));
    expect(named(orderTarget(whole, 2))).toEqual({ clearing: '184.45', sales: '-150', tax: '-29.45', shipping: '-5' });
  });

  it('lets the customer owe what ships before it is paid', () => {
    const facts = { ...order, received: zero, shipments: { one: shipped('b', '1') } };
    expect(named(orderTarget(facts, 2))).toEqual({ receivable: '65.45', sales: '-50', tax: '-10.45', shipping: '-5' });
  });

  it('takes back exactly what was earned when all comes back', () => {
    const facts = {
      ...order,
      shipments: { all: { a: decimal('3'), b: decimal('1') } },
      refunds: {
        r1: { ...refund('return', 'a', '3', '100', '19', '124.95'), shippingNet: decimal('5'), shippingTax: decimal('0.95') },
        r2: refund('return', 'b', '1', '50', '9.5', '59.5'),
      },
    };
    expect(named(orderTarget(facts, 2))).toEqual({});
  });

  it('is empty again after an order was cancelled and refunded unshipped', () => {
    const facts = {
      ...order,
      refunds: {
        r1: { ...refund('cancel', 'a', '3', '100', '19', '124.95'), shippingNet: decimal('5'), shippingTax: decimal('0.95') },
        r2: refund('cancel', 'b', '1', '50', '9.5', '59.5'),
      },
    };
    expect(named(orderTarget(facts, 2))).toEqual({});
  });

  it('gives the rest of a line its rest of the value after a part was cancelled', () => {
    const facts = { ...order, shipments: { one: shipped('a', '2') }, refunds: { r: refund('cancel', 'a', '1', '33.34', '6.33', '39.67') } };
    expect(named(orderTarget(facts, 2))).toMatchObject({ sales: '-66.66', tax: '-13.62' });
  });

  it('splits a refund whose units were treated differently by their number', () => {
    const half = { ...refund('return', 'a', '2', '66.66', '12.66', '79.32'), goods: { a: { return: decimal('1'), cancel: decimal('1') } } };
    const facts = { ...order, shipments: { one: shipped('a', '2') }, refunds: { r: half } };
    // Of three units one was never shipped, two were; one of these came back.
    expect(named(orderTarget(facts, 2))).toMatchObject({ sales: '-33.34', clearing: '105.13' });
  });

  it('books goodwill as an allowance at once', () => {
    const facts = { ...order, refunds: { r: { ...refund('none', 'zz', '0', '0', '0', '10'), lines: {}, adjustmentNet: decimal('10') } } };
    expect(named(orderTarget(facts, 2))).toEqual({ clearing: '174.45', allowances: '10', deposits: '-184.45' });
  });

  it('owes gift cards instead of earning them', () => {
    const facts = {
      ...order,
      lines: { g: { quantity: decimal('1'), net: decimal('25'), tax: zero, giftCard: true } },
      charges: noCharges,
      received: decimal('25'),
      shipments: { one: shipped('g', '1') },
    };
    expect(named(orderTarget(facts, 2))).toEqual({ clearing: '25', giftCards: '-25' });
  });

  it('says nothing of test orders', () => {
    expect(orderTarget({ ...order, test: true }, 2)).toEqual({});
  });

  it('is balanced for any facts', () => {
    const amount = fc.integer({ min: -100_000, max: 100_000 }).map((cents) => decimal((cents / 100).toFixed(2)));
    const some = fc.nat(5).map((n) => decimal(String(n)));
    const facts = fc.record({
      line: fc.record({ quantity: some, net: amount, tax: amount, giftCard: fc.boolean() }),
      received: amount,
      shippedA: some,
      charges: fc.record({ shipping: amount, dutiesAndFees: amount, tip: amount, rounding: amount, tax: amount, channelTax: amount }),
      refund: fc.record({
        quantity: some,
        net: amount,
        tax: amount,
        money: amount,
        goods: fc.constantFrom<GoodsBack>('none', 'cancel', 'return'),
      }),
    });
    fc.assert(
      fc.property(facts, ({ line, received, shippedA, charges, refund: back }) => {
        const target = orderTarget(
          {
            ...order,
            lines: { a: line },
            received,
            charges,
            shipments: { s: { a: shippedA } },
            refunds: { r: refund(back.goods, 'a', back.quantity, back.net, back.tax, back.money) },
          },
          2,
        );
        expect(imbalance(Object.entries(target).map(([account, posted]) => ({ account, amount: posted })))).toBe(zero);
      }),
    );
  });
});
