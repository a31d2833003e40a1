import { add, decimal, multiply, subtract, sum } from '@instep/values';
import { describe, expect, it } from '@jest/globals';

import { cancelledOrder, oldOrder, olderListedOrder, refundedOrder } from '../../../test/fixtures.ts';
import { mappedOrder } from '../../../test/mapping.ts';

type Order = ReturnType<typeof mappedOrder>;
type Json = Record<string, unknown>;

const usd = (shop: string) => ({ shop });
const set = (amount: string, presentment = amount, currency = 'USD') => ({
  shop_money: { amount, currency_code: 'USD' },
  presentment_money: { amount: presentment, currency_code: currency },
});

function line(changes: Json = {}): Json {
  return {
    id: 1,
    sku: 'A',
    title: 'A',
    price: '10.00',
    quantity: 2,
    current_quantity: 2,
    tax_lines: [],
    discount_allocations: [],
    ...changes,
  };
}

function order(changes: Json = {}): Json {
  return {
    id: 5,
    name: '#5',
    currency: 'USD',
    created_at: '2026-01-01T10:00:00+02:00',
    updated_at: '2026-01-01T10:00:00+02:00',
    financial_status: 'pending',
    total_price: '20.00',
    current_total_price: '20.00',
    total_outstanding: '20.00',
    line_items: [line()],
    ...changes,
  };
}

/** What the parts come to, as a department would add them up. */
function sumOfParts({ lines, shipping, tip, duties, fees, rounding, taxesIncluded }: Order): string {
  const ofLines = lines.map(({ unitPrice, quantity, discount, taxes }) => {
    const price = subtract(multiply(decimal(unitPrice.shop), decimal(quantity)), decimal(discount.shop));
    return taxesIncluded ? price : add(price, sum(taxes.map(({ amount }) => decimal(amount.shop))));
  });
  const charges = [...shipping.map(({ charge }) => charge), duties, fees].flatMap(({ net, tax }) => [decimal(net.shop), decimal(tax.shop)]);
  return sum([...ofLines, ...charges, decimal(tip.shop), decimal(rounding.shop)]);
}

describe('a cancelled and refunded order of 2026-07', () => {
  const mapped = mappedOrder(cancelledOrder());

  it('keeps goods, discounts and taxes as ordered, before refunds', () => {
    expect(mapped.lines.map(({ item, quantity, unitPrice, discount, taxes }) => ({ item, quantity, unitPrice, discount, taxes }))).toEqual(
      ['GREEN', 'RED', 'BLACK'].map((colour, index) => ({
        item: `IPOD2008${colour}`,
        quantity: '1',
        unitPrice: usd('199'),
        discount: usd(index === 0 ? '3.34' : '3.33'),
        taxes: [{ title: 'State Tax', rate: '0.06', amount: usd('3.98'), channelLiable: false }],
      })),
    );
    expect(mapped.total).toEqual(usd('598.94'));
    expect(sumOfParts(mapped)).toBe('598.94');
  });

  it('received what it gave back: 598.94 now, 598.94 outstanding, 10 refunded', () => {
    expect(mapped.received).toEqual(usd('10'));
    expect(mapped.refunds).toHaveLength(1);
    expect(mapped.refunds[0]).toMatchObject({ refundId: '929361465', money: usd('10'), shipping: { net: usd('0'), tax: usd('0') } });
    expect(mapped.refunds[0]?.lines.map(({ quantity, restock, net, tax }) => [quantity, restock, net.shop, tax.shop])).toEqual([
      ['1', 'none', '195.66', '3.98'],
      ['1', 'none', '195.67', '3.98'],
      ['1', 'none', '195.67', '3.98'],
    ]);
  });

  it('has its times in UTC, its cancellation and its shipment that failed', () => {
    expect(mapped).toMatchObject({
      placedAt: '2008-01-10T16:00:00.000Z',
      reportedAt: '2025-04-02T16:31:21.000Z',
      cancelled: { at: '2025-04-02T16:31:21.000Z', reason: 'other' },
      fulfillments: [
        { fulfillmentId: '255858046', status: 'failed', locationId: '655441491', lines: [{ lineId: '466157049', quantity: '1' }] },
      ],
    });
  });

  it('names persons under personal and nowhere else', () => {
    const { personal, ...rest } = mapped;
    expect(personal).toMatchObject({
      name: 'Bob Norman',
      email: 'bob.norman@mail.example.com',
      phone: '+16136120707',
      billing: { street: 'Chestnut Street 92' },
    });
    expect(JSON.stringify(rest)).not.toMatch(/bob|norman|chestnut|6136120707|4592181|louisville/i);
    expect(rest.customer).toMatchObject({ channelCustomerId: '207119551' });
  });
});

describe('an order refunded in part', () => {
  it('received 408.65: 199.65 is left to pay for and 209 went back', () => {
    const mapped = mappedOrder(refundedOrder());
    expect(mapped).toMatchObject({ total: usd('598.94'), received: usd('408.65'), paymentStatus: 'partially_refunded' });
    expect(sumOfParts(mapped)).toBe('598.94');
    expect(mapped.lines.map(({ quantity }) => quantity)).toEqual(['1', '1', '1']);
  });
});

describe('orders of old API versions', () => {
  it('have their tax spread over the lines', () => {
    const mapped = mappedOrder(oldOrder());
    expect(mapped.lines.map(({ taxes }) => taxes[0]?.amount)).toEqual([usd('3.98'), usd('3.98'), usd('3.98')]);
    expect(mapped).toMatchObject({ received: usd('0'), paymentStatus: 'authorized', refunds: [] });
  });

  it('were paid in full when they say so, for want of an outstanding amount', () => {
    expect(mappedOrder(olderListedOrder())).toMatchObject({ total: usd('598.94'), received: usd('598.94'), lines: [] });
  });

  it('have their discount spread by price, to the cent', () => {
    const lines = [line({ id: 1, price: '10.00', quantity: 1 }), line({ id: 2, price: '20.00', quantity: 1 })].map(
      ({ discount_allocations: _, current_quantity: __, ...rest }) => rest,
    );
    expect(
      mappedOrder(order({ line_items: lines, total_discounts: '1.00', total_price: '29.00' })).lines.map(({ discount }) => discount.shop),
    ).toEqual(['0.33', '0.67']);
  });
});

describe('money', () => {
  it('of a buyer abroad stands in both currencies', () => {
    const mapped = mappedOrder(
      order({
        presentment_currency: 'EUR',
        total_price_set: set('20.00', '18.00', 'EUR'),
        current_total_price_set: set('20.00', '18.00', 'EUR'),
        total_outstanding: '5.00',
        total_tip_received: '0.00',
        financial_status: 'partially_paid',
        line_items: [line({ price_set: set('10.00', '9.00', 'EUR') })],
      }),
    );
    expect(mapped.currencies).toEqual({ shop: 'USD', presentment: 'EUR' });
    expect(mapped.lines[0]?.unitPrice).toEqual({ shop: '10', presentment: '9' });
    expect(mapped.total).toEqual({ shop: '20', presentment: '18' });
    expect(mapped.received).toEqual({ shop: '15', presentment: '13.5' });
    expect(mapped.tip).toEqual({ shop: '0', presentment: '0' });
  });

  it('of prices that contain their tax is not taxed twice', () => {
    const tax_lines = [{ title: 'VAT', rate: 0.19, price: '3.19' }];
    const shipping = {
      id: 7,
      title: 'Post',
      price: '4.90',
      discounted_price: '4.90',
      tax_lines: [{ title: 'VAT', rate: 0.19, price: '0.78' }],
      discount_allocations: [],
    };
    const mapped = mappedOrder(
      order({ taxes_included: true, total_price: '24.90', line_items: [line({ tax_lines })], shipping_lines: [shipping] }),
    );
    expect(mapped.shipping[0]).toMatchObject({ charge: { net: usd('4.12'), tax: usd('0.78') }, taxes: [{ rate: '0.19' }] });
    expect(sumOfParts(mapped)).toBe('24.9');
  });

  it('of taxes that the channel pays itself says so', () => {
    expect(
      mappedOrder(order({ line_items: [line({ tax_lines: [{ title: 'T', price: '1.00', channel_liable: true }] })] })).lines[0]?.taxes,
    ).toEqual([{ title: 'T', rate: null, amount: usd('1'), channelLiable: true }]);
  });

  it('of shipping is after its discounts; shipping that was removed costs nothing', () => {
    const shipping_lines = [
      { id: 7, title: 'Post', price: '5.00', discount_allocations: [{ amount: '5.00' }], tax_lines: [] },
      { id: 8, title: 'Courier', price: '9.00', is_removed: true, tax_lines: [] },
    ];
    const mapped = mappedOrder(order({ shipping_lines, total_price: '29.00' }));
    expect(mapped.shipping).toEqual([{ id: '7', title: 'Post', charge: { net: usd('0'), tax: usd('0') }, discount: usd('5') }]);
    expect(mapped.total).toEqual(usd('20'));
  });

  it('of a tip is no line, and counts once', () => {
    const tip = line({
      id: 2,
      sku: null,
      variant_id: null,
      title: 'Tip',
      price: '3.00',
      quantity: 1,
      current_quantity: 1,
      tip_payment_gateway: 'shopify_payments',
    });
    const mapped = mappedOrder(order({ line_items: [line(), tip], total_tip_received: '3.00', total_price: '23.00' }));
    expect(mapped.lines).toHaveLength(1);
    expect(mapped.tip).toEqual(usd('3'));
    expect(sumOfParts(mapped)).toBe('23');
    expect(mappedOrder(order({ total_tip_received: '3.00', total_price: '23.00' })).tip).toEqual(usd('3'));
  });

  it('of duties, fees and cash rounding has its own place', () => {
    const duties = [{ id: 1, price: '2.00', tax_lines: [{ title: 'D', price: '0.20' }] }];
    const mapped = mappedOrder(
      order({
        line_items: [line({ duties })],
        original_total_additional_fees_set: set('1.50'),
        total_cash_rounding_payment_adjustment_set: set('-0.02'),
        total_price: '23.70',
        current_total_price: '23.70',
        total_outstanding: '0.00',
        financial_status: 'paid',
      }),
    );
    expect(mapped).toMatchObject({
      duties: { net: usd('2'), tax: usd('0.2') },
      fees: { net: usd('1.5') },
      rounding: usd('-0.02'),
      total: usd('23.68'),
      received: usd('23.68'),
    });
    expect(sumOfParts(mapped)).toBe('23.68');
  });

  it('of duties inside prices is not charged again', () => {
    const mapped = mappedOrder(order({ duties_included: true, original_total_duties_set: set('2.00') }));
    expect(mapped.duties.net).toEqual(usd('0'));
    expect(sumOfParts(mapped)).toBe('20');
  });

  it.each([
    ['pending', '20.00', '0'],
    ['authorized', '0.00', '0'],
    ['voided', '0.00', '0'],
    ['paid', '0.00', '20'],
    ['partially_paid', '12.50', '7.5'],
    ['paid', '-5.00', '25'],
  ])('received when %s with %s outstanding is %s', (financial_status, total_outstanding, received) => {
    expect(mappedOrder(order({ financial_status, total_outstanding })).received).toEqual(usd(received));
  });

  it('received is not more than the order costs when a refund of money only leaves the current total as it was', () => {
    const transactions = [{ kind: 'refund', status: 'success', amount: '10.00', currency: 'USD' }];
    const refunds = [{ id: 1, created_at: '2026-01-02T00:00:00Z', refund_line_items: [], order_adjustments: [], transactions }];
    expect(mappedOrder(order({ financial_status: 'partially_refunded', total_outstanding: '0.00', refunds })).received).toEqual(usd('20'));
  });
});

describe('lines', () => {
  it.each([
    ['a SKU', { sku: 'A', variant_id: 9 }, 'A'],
    ['an empty SKU', { sku: '', variant_id: 9 }, 'variant:9'],
    ['no SKU, of a product that was deleted', { sku: null, variant_id: 9, product_id: null, product_exists: false }, 'variant:9'],
    ['nothing', { sku: null, variant_id: null, product_id: null, product_exists: false }, null],
  ])('with %s name the item', (_name, changes, item) => {
    expect(mappedOrder(order({ line_items: [line(changes)] })).lines[0]?.item).toBe(item);
  });

  it('that an edit made smaller have that part of discount and tax, and the order costs what is left', () => {
    const edited = line({
      quantity: 3,
      current_quantity: 2,
      discount_allocations: [{ amount: '1.00' }],
      tax_lines: [{ title: 'T', price: '2.90' }],
    });
    const mapped = mappedOrder(order({ line_items: [edited], total_price: '31.90' }));
    expect(mapped.lines[0]).toMatchObject({ quantity: '2', discount: usd('0.67'), taxes: [{ amount: usd('1.93') }] });
    expect(mapped.total).toEqual(usd('21.26'));
    expect(sumOfParts(mapped)).toBe('21.26');
  });

  it('that a refund made smaller stay as ordered', () => {
    const refunds = [
      {
        id: 1,
        created_at: '2026-01-02T00:00:00Z',
        refund_line_items: [{ line_item_id: 1, quantity: 1, restock_type: 'cancel', subtotal: 10, total_tax: 0 }],
        transactions: [],
      },
    ];
    expect(mappedOrder(order({ line_items: [line({ current_quantity: 1 })], refunds })).lines[0]?.quantity).toBe('2');
  });

  it('that an edit removed are there with quantity 0', () => {
    expect(mappedOrder(order({ line_items: [line({ current_quantity: 0 })] })).lines[0]).toMatchObject({
      quantity: '0',
      discount: usd('0'),
    });
  });

  it('name the staff they are attributed to; most units name the staff of the order', () => {
    const attributed_staffs = (id: number, quantity: number) => [{ id: `gid://shopify/StaffMember/${String(id)}`, quantity }];
    const line_items = [line({ attributed_staffs: attributed_staffs(3, 1) }), line({ id: 2, attributed_staffs: attributed_staffs(4, 2) })];
    const mapped = mappedOrder(order({ line_items }));
    expect(mapped.staffId).toBe('4');
    expect(mapped.lines[0]?.staff).toEqual([{ staffId: '3', quantity: '1' }]);
    expect(mappedOrder(order({ line_items, user_id: 9, location_id: 12 }))).toMatchObject({ staffId: '9', locationId: '12' });
  });
});

describe('what others decide about', () => {
  it.each([
    ['an unknown currency', { currency: 'XQZ' }, { currencies: { shop: 'XQZ' } }],
    ['a negative price', { line_items: [line({ price: '-1.00' })] }, { lines: [{ unitPrice: usd('-1') }] }],
    ['quantity 0', { line_items: [line({ quantity: 0, current_quantity: 0 })] }, { lines: [{ quantity: '0' }] }],
    ['no lines', { line_items: [] }, { lines: [] }],
    ['no customer', {}, { customer: null, personal: null }],
    ['a test', { test: true }, { test: true }],
  ])('%s is mapped as it is', (_name, changes, expected) => {
    expect(mappedOrder(order(changes))).toMatchObject(expected);
  });

  it('10,000 lines are mapped in well under a second', () => {
    const line_items = Array.from({ length: 10_000 }, (_, index) => line({ id: index + 1 }));
    const start = performance.now();
    expect(mappedOrder(order({ line_items })).lines).toHaveLength(10_000);
    expect(performance.now() - start).toBeLessThan(2_000);
  });
});

describe('ids', () => {
  it('beyond 2^53 survive, and GraphQL ids stand in for missing ones', () => {
    const body = JSON.stringify(order()).replace('"id":5', '"id":820982911946154508');
    expect(mappedOrder(body).channelOrderId).toBe('820982911946154508');
    expect(mappedOrder(order({ id: undefined, admin_graphql_api_id: 'gid://shopify/Order/77' })).channelOrderId).toBe('77');
  });
});
