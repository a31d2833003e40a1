import { describe, expect, it } from '@jest/globals';

import { fixture } from '../../../test/fixtures.ts';
import { mappedRefund } from '../../../test/mapping.ts';

type Json = Record<string, unknown>;

const usd = (shop: string) => ({ shop });

function refund(changes: Json = {}): Json {
  return {
    id: 1,
    order_id: 5,
    created_at: '2026-01-02T00:00:00Z',
    refund_line_items: [],
    transactions: [],
    order_adjustments: [],
    ...changes,
  };
}

function refundedLine(changes: Json = {}, rate = 0.19): Json {
  const line_item = { id: 2, price: '11.90', quantity: 1, fulfillment_status: null, tax_lines: [{ title: 'VAT', rate, price: '1.90' }] };
  return {
    line_item_id: 2,
    quantity: 1,
    restock_type: 'return',
    location_id: 3,
    subtotal: '10.00',
    total_tax: '1.90',
    line_item,
    ...changes,
  };
}

describe('a refund on its own', () => {
  it('names goods, restocking and money (2026-07)', () => {
    const { refund: mapped, ...rest } = mappedRefund(fixture('rest-2026-07-extracted/refund.single', 'refund'));
    expect(rest).toMatchObject({
      channelOrderId: '450789469',
      reportedAt: '2025-04-02T16:38:15.000Z',
      currencies: { shop: 'USD', presentment: 'USD' },
    });
    expect(mapped).toMatchObject({ refundId: '509562969', money: usd('209') });
    expect(mapped.lines.map(({ lineId, restock, locationId, net, tax }) => [lineId, restock, locationId, net.shop, tax.shop])).toEqual([
      ['703073504', 'cancel', '487838322', '195.66', '3.98'],
      ['466157049', 'cancel', '487838322', '195.67', '3.98'],
    ]);
  });

  it('of an old API version has its sums worked out from the lines', () => {
    const { refund: mapped } = mappedRefund(fixture('rest-fixtures-python-sdk/refund', 'refund'));
    expect(mapped.lines.map(({ net, tax, restock }) => [net.shop, tax.shop, restock])).toEqual([
      ['199', '3.98', 'cancel'],
      ['199', '3.98', 'cancel'],
    ]);
    expect(mapped.money).toEqual(usd('209'));
  });

  it('finds out by the rates whether prices contain their tax', () => {
    expect(mappedRefund(refund({ refund_line_items: [refundedLine()] })).refund.lines[0]).toMatchObject({
      net: usd('10'),
      tax: usd('1.9'),
    });
    expect(mappedRefund(refund({ refund_line_items: [refundedLine({ subtotal: '11.90' })] })).refund.lines[0]).toMatchObject({
      net: usd('10'),
      tax: usd('1.9'),
    });
  });

  it.each([
    ['cancel', null, 'cancel'],
    ['return', 'fulfilled', 'return'],
    ['no_restock', null, 'none'],
    ['legacy_restock', null, 'cancel'],
    ['legacy_restock', 'fulfilled', 'return'],
    ['some new word', null, 'none'],
  ])('restocks %s of a line that is %s as %s', (restock_type, fulfillment_status, restock) => {
    const line = refundedLine({ restock_type, line_item: { id: 2, price: '1.00', quantity: 1, fulfillment_status, tax_lines: [] } });
    expect(mappedRefund(refund({ refund_line_items: [line] })).refund.lines[0]?.restock).toBe(restock);
  });

  it('counts only money that went back', () => {
    const transaction = (changes: Json) => ({ kind: 'refund', status: 'success', amount: '5.00', currency: 'USD', ...changes });
    const transactions = [
      transaction({}),
      transaction({ status: 'failure' }),
      transaction({ status: 'pending' }),
      transaction({ kind: 'void' }),
    ];
    expect(mappedRefund(refund({ transactions })).refund.money).toEqual(usd('5'));
  });

  it('gives shipping back by lines, or in older bodies by an adjustment, and never twice', () => {
    const shipping = { kind: 'shipping_refund', amount: '-4.00', tax_amount: '-0.76' };
    const line = {
      id: 9,
      subtotal_amount_set: { shop_money: { amount: '4.00', currency_code: 'USD' } },
      tax_amount_set: { shop_money: { amount: '0.76', currency_code: 'USD' } },
    };
    const expected = { net: usd('4'), tax: usd('0.76') };
    expect(mappedRefund(refund({ order_adjustments: [shipping] })).refund).toMatchObject({
      shipping: expected,
      adjustment: { net: usd('0') },
    });
    expect(mappedRefund(refund({ refund_shipping_lines: [line] })).refund.shipping).toEqual(expected);
    expect(mappedRefund(refund({ order_adjustments: [shipping], refund_shipping_lines: [line] })).refund).toMatchObject({
      shipping: expected,
      adjustment: { net: usd('0') },
    });
  });

  it.each([
    ['more than the goods are worth', '-3.00', '3'],
    ['less than the goods are worth', '2.50', '-2.5'],
  ])('adjusts %s', (_name, amount, net) => {
    expect(
      mappedRefund(refund({ order_adjustments: [{ kind: 'refund_discrepancy', amount, tax_amount: '0.00' }] })).refund.adjustment,
    ).toEqual({ net: usd(net), tax: usd('0') });
  });

  it('gives duties, fees, tips and coins back as adjustment', () => {
    const money = (amount: string) => ({
      shop_money: { amount, currency_code: 'USD' },
      presentment_money: { amount, currency_code: 'USD' },
    });
    const tip = refundedLine({
      subtotal: '1.00',
      total_tax: '0.00',
      line_item: { id: 2, price: '1.00', tip_payment_gateway: 'x', tax_lines: [] },
    });
    const mapped = mappedRefund(
      refund({
        refund_line_items: [tip],
        duties: [{ duty_id: 1, amount_set: money('2.00') }],
        total_duties_set: money('2.00'),
        total_additional_fees_set: money('0.50'),
        transactions: [{ kind: 'refund', status: 'success', amount: '3.52', currency: 'USD', amount_rounding: '-0.02' }],
      }),
    ).refund;
    expect(mapped).toMatchObject({ lines: [], adjustment: { net: usd('3.48') }, money: usd('3.5') });
  });

  it('turns money in the currency of the buyer into that of the shop, by what the refund is worth in both', () => {
    const money = (shop: string, eur: string) => ({
      shop_money: { amount: shop, currency_code: 'USD' },
      presentment_money: { amount: eur, currency_code: 'EUR' },
    });
    const line = refundedLine({ subtotal_set: money('10.00', '9.01'), total_tax_set: money('1.90', '1.71') });
    const { currencies, refund: mapped } = mappedRefund(
      refund({ refund_line_items: [line], transactions: [{ kind: 'refund', status: 'success', amount: '10.72', currency: 'EUR' }] }),
    );
    expect(currencies).toEqual({ shop: 'USD', presentment: 'EUR' });
    expect(mapped.money).toEqual({ shop: '11.9', presentment: '10.72' });
  });

  it('without any money names no currency', () => {
    expect(
      mappedRefund(refund({ refund_line_items: [{ line_item_id: 2, quantity: 1, restock_type: 'cancel', subtotal: 0, total_tax: 0 }] })),
    ).toMatchObject({
      currencies: null,
      refund: { money: usd('0'), lines: [{ lineId: '2', quantity: '1' }] },
    });
  });
});
