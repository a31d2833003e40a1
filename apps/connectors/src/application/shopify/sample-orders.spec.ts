import { shopifyOrder } from '@instep/testkit';
import type { SampleOrder } from '@instep/testkit';
import type { Decimal } from '@instep/values';
import { add, compare, decimal, multiply, subtract, sum } from '@instep/values';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { mappedOrder } from '../../../test/mapping.ts';

const cents = fc.integer({ min: 0, max: 100_000 }).map((n) => `${String(Math.floor(n / 100))}.${String(n % 100).padStart(2, '0')}`);
const line = fc.record({ sku: fc.constantFrom('A', 'B', null), price: cents, quantity: fc.integer({ min: 1, max: 5 }) });
const settings = fc.record({
  lines: fc.array(line, { minLength: 1, maxLength: 4 }),
  shipping: cents,
  tip: fc.constantFrom('0.00', '1.00'),
  taxesIncluded: fc.boolean(),
  taxRate: fc.constantFrom(0, 0.07, 0.19),
  discount: fc.constantFrom(undefined, '0.00'),
  abroad: fc.boolean(),
});

type Step = (order: SampleOrder, at: string) => SampleOrder;
const position = fc.nat(3);
const quantity = fc.integer({ min: 1, max: 3 });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.constant<Step>((order, at) => order.paid(at)),
  fc.constant<Step>((order, at) => order.shipped(at)),
  fc.tuple(position, quantity).map(
    ([at, units]): Step =>
      (order, time) =>
        withLine(order, at, (left) => order.shipped(time, [{ line: at, quantity: Math.min(units, left) }])),
  ),
  fc.tuple(position, quantity).map(
    ([at, units]): Step =>
      (order, time) =>
        order.edited(time, { [at]: lineOf(order, at).refunded + lineOf(order, at).shipped + units }),
  ),
  fc.tuple(position, quantity, fc.constantFrom('cancel' as const, 'return' as const, 'no_restock' as const)).map(
    ([at, units, restock]): Step =>
      (order, time) =>
        withLine(order, at, (left) => order.refunded({ at: time, lines: [{ line: at, quantity: Math.min(units, left), restock }] })),
  ),
  fc.constant<Step>((order, at) => order.cancelled(at)),
);

function lineOf(order: SampleOrder, at: number) {
  return order.state.lines[at] ?? { ordered: 0, removed: 0, refunded: 0, shipped: 0 };
}

/** Only while units of the line are left. */
function withLine(order: SampleOrder, at: number, change: (left: number) => SampleOrder): SampleOrder {
  const { ordered, removed, refunded, shipped } = lineOf(order, at);
  const left = ordered - removed - refunded - shipped;
  return left > 0 ? change(left) : order;
}

describe('whatever happens to a sample order', () => {
  it('adds up to what the shop says, and what was received is what was paid', () => {
    fc.assert(
      fc.property(settings, fc.array(step, { maxLength: 7 }), ({ abroad, discount, ...given }, steps) => {
        let order = shopifyOrder({
          ...given,
          id: '820982911946154508',
          number: 1001,
          placedAt: '2026-01-01T00:00:00.000Z',
          ...(discount === undefined ? {} : { discount }),
          ...(abroad ? { presentment: { currency: 'EUR', rate: 0.9 } } : {}),
        });
        steps.forEach((take, index) => {
          if (order.state.cancelledAt === null) order = take(order, `2026-01-01T00:0${String(index + 1)}:00.000Z`);
        });
        const mapped = mappedOrder(order.body());
        // Refunds name money in the buyer's currency only: back in the shop's it may be a cent off, for each that gives back a part of what it takes.
        const tolerance = abroad ? 0.01 * order.state.refunds.length : 0;
        expect(Math.abs(Number(subtract(decimal(mapped.received.shop), decimalOf(order.state.received.shop))))).toBeLessThanOrEqual(
          tolerance,
        );
        expect(sumOfParts(mapped)).toBe(mapped.total.shop);
        const refunded = decimalOf(order.state.refunds.reduce((all, { money }) => all + money.shop, 0));
        expect(Math.abs(Number(subtract(sum(mapped.refunds.map(({ money }) => decimal(money.shop))), refunded)))).toBeLessThanOrEqual(
          tolerance,
        );
        for (const refund of mapped.refunds)
          expect(compare(add(worthOf(refund), decimal(String(tolerance))), decimal(refund.money.shop))).toBeGreaterThanOrEqual(0);
        expect(mapped.lines.map(({ quantity: units }) => Number(units))).toEqual(
          order.state.lines.map(({ ordered, removed }) => ordered - removed),
        );
      }),
      { numRuns: 500 },
    );
  });
});

function decimalOf(minor: number): Decimal {
  return multiply(decimal(String(minor)), decimal('0.01'));
}

function sumOfParts({ lines, shipping, tip, taxesIncluded }: ReturnType<typeof mappedOrder>): string {
  const ofLines = lines.map(({ unitPrice, quantity: units, discount, taxes }) => {
    const price = subtract(multiply(decimal(unitPrice.shop), decimal(units)), decimal(discount.shop));
    return taxesIncluded ? price : add(price, sum(taxes.map(({ amount }) => decimal(amount.shop))));
  });
  return sum([...ofLines, ...shipping.flatMap(({ charge }) => [decimal(charge.net.shop), decimal(charge.tax.shop)]), decimal(tip.shop)]);
}

function worthOf({ lines, shipping, adjustment }: ReturnType<typeof mappedOrder>['refunds'][number]): Decimal {
  return sum(
    [...lines.flatMap(({ net, tax }) => [net, tax]), shipping.net, shipping.tax, adjustment.net, adjustment.tax].map(({ shop }) =>
      decimal(shop),
    ),
  );
}
