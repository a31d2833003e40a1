import { describe, expect, it } from '@jest/globals';
import type { OrderContent } from '@instep/contracts';
import { add, decimal, sum } from '@instep/values';
import fc from 'fast-check';

import type { PricedLine, PricedOrder } from './content.ts';
import { contentOf, noCharge, withItems } from './content.ts';
import { exact, noAmounts } from './amounts.ts';

function line(more: Partial<PricedLine> = {}): PricedLine {
  return {
    lineId: '1',
    item: 'A',
    title: 'Shirt',
    quantity: decimal('2'),
    unitPrice: { shop: decimal('11.90') },
    discount: noAmounts,
    tax: noAmounts,
    channelTax: noAmounts,
    shippable: true,
    giftCard: false,
    ...more,
  };
}

function order(more: Partial<PricedOrder> = {}): PricedOrder {
  return {
    lines: [line()],
    taxesIncluded: true,
    shipping: [],
    channelTax: noAmounts,
    duties: noCharge,
    fees: noCharge,
    tip: noAmounts,
    rounding: noAmounts,
    ...more,
  };
}

/** All parts of a content, in the shop currency. */
function parts(content: OrderContent): string {
  const charges = [content.shipping, content.duties, content.fees].flatMap(({ net, tax }) => [net.shop, tax.shop]);
  const lines = content.lines.flatMap(({ net, tax }) => [net.shop, tax.shop]);
  return sum(
    [...lines, ...charges, content.tip.shop, content.rounding.shop, content.channelTax?.shop ?? '0', content.difference?.shop ?? '0'].map(
      decimal,
    ),
  );
}

describe('the money of an order', () => {
  it('takes included taxes out of the price', () => {
    const { lines, total } = contentOf(order({ lines: [line({ tax: { shop: decimal('3.80') } })] }));
    expect(lines[0]).toMatchObject({ net: { shop: '20' }, tax: { shop: '3.8' } });
    expect(total).toEqual({ shop: '23.8' });
  });

  it('puts other taxes on top', () => {
    const content = contentOf(order({ taxesIncluded: false, lines: [line({ tax: { shop: decimal('4.52') } })] }));
    expect(content.lines[0]).toMatchObject({ net: { shop: '23.8' }, tax: { shop: '4.52' } });
    expect(content.total).toEqual({ shop: '28.32' });
  });

  it('counts taxes that the channel pays as nobody’s net or tax, but in the total', () => {
    const channelTax = { shop: decimal('2') };
    const included = contentOf(order({ lines: [line({ tax: { shop: decimal('1.80') }, channelTax })] }));
    expect(included.lines[0]).toMatchObject({ net: { shop: '20' }, tax: { shop: '1.8' } });
    expect(included).toMatchObject({ channelTax: { shop: '2' }, total: { shop: '23.8' } });
    const onTop = contentOf(order({ taxesIncluded: false, lines: [line({ channelTax })] }));
    expect(onTop.lines[0]).toMatchObject({ net: { shop: '23.8' }, tax: { shop: '0' } });
    expect(onTop).toMatchObject({ channelTax: { shop: '2' }, total: { shop: '25.8' } });
  });

  it('names what the channel’s total has beyond its parts, and says nothing when it adds up', () => {
    expect(contentOf(order({ total: { shop: decimal('24') } })).difference).toEqual({ shop: '0.2' });
    expect(contentOf(order({ total: { shop: decimal('23.80') } }))).not.toHaveProperty('difference');
  });

  it('keeps shop and presentment apart', () => {
    const unitPrice = exact({ shop: '10', presentment: '11.50' });
    const { lines, total } = contentOf(order({ lines: [line({ unitPrice, discount: exact({ shop: '1', presentment: '1.15' }) })] }));
    expect(lines[0]?.net).toEqual({ shop: '19', presentment: '21.85' });
    expect(total).toEqual({ shop: '19', presentment: '21.85' });
  });

  it('adds up exactly, whatever the figures', () => {
    const amount = fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => exact({ shop: (cents / 100).toFixed(2) }));
    const charge = fc.record({ net: amount, tax: amount });
    const lines = fc.array(
      fc
        .record({
          unitPrice: amount,
          discount: amount,
          tax: amount,
          channelTax: amount,
          quantity: fc.integer({ min: -5, max: 500 }).map((n) => decimal(String(n))),
        })
        .map(line),
      { maxLength: 6 },
    );
    const orders = fc.record({
      lines,
      taxesIncluded: fc.boolean(),
      shipping: fc.array(charge, { maxLength: 2 }),
      channelTax: amount,
      duties: charge,
      fees: charge,
      tip: amount,
      rounding: amount,
      total: amount,
    });
    fc.assert(
      fc.property(orders, (priced) => {
        const content = contentOf(priced);
        expect(parts(content)).toBe(content.total.shop);
        const charged = sum(priced.lines.map((each) => add(each.tax.shop, each.channelTax.shop)));
        const told = sum([...content.lines.map((each) => decimal(each.tax.shop)), ...priced.lines.map((each) => each.channelTax.shop)]);
        expect(told).toBe(charged);
      }),
    );
  });

  it('takes chosen items only for lines that name none', () => {
    const content = contentOf(order({ lines: [line(), line({ lineId: '2', item: null }), line({ lineId: '3', item: null })] }));
    expect(withItems(content, { '1': 'X', '2': 'B' }).lines.map((each) => each.item)).toEqual(['A', 'B', null]);
  });
});
