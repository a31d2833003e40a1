import {
  currentTotalOf,
  derivedId,
  lineSubtotal,
  lineTax,
  outstandingOf,
  refundedMoneyOf,
  totalOf,
  unshippedOf,
} from './sample-order-state.ts';
import type { SampleFulfillment, SampleLine, SampleOrderSettings, SampleOrderState, SampleRefund } from './sample-order-state.ts';
import type { SampleMoney } from './sample-money.ts';
import { nothing, plus, scaled, spell } from './sample-money.ts';

/*
 * Bodies with the fields and the order of fields of Shopify's REST API 2026-07, after the order of Shopify/shopify-app-js (MIT).
 */

/** Ids beyond 2^53 are written as numerals, as Shopify does. */
function withNumerals(body: unknown): string {
  return JSON.stringify(body).replace(/"#(\d+)#"/g, '$1');
}

function numeral(id: number | string): number | string {
  return Number.isSafeInteger(Number(id)) ? Number(id) : `#${String(id)}#`;
}

/** In the shop's own time, as REST writes it. */
function local(at: string): string {
  return `${new Date(Date.parse(at) - 5 * 3_600_000).toISOString().slice(0, 19)}-05:00`;
}

function set(amount: SampleMoney, settings: SampleOrderSettings): object {
  const currency = settings.currency ?? 'USD';
  return {
    shop_money: { amount: spell(amount.shop), currency_code: currency },
    presentment_money: { amount: spell(amount.presentment), currency_code: settings.presentment?.currency ?? currency },
  };
}

function taxLine(amount: SampleMoney, rate: number, settings: SampleOrderSettings): object {
  return {
    channel_liable: settings.channelLiable ?? null,
    price: spell(amount.shop),
    price_set: set(amount, settings),
    rate,
    title: 'State Tax',
  };
}

function lineBody(line: SampleLine, settings: SampleOrderSettings): object {
  const current = line.ordered - line.removed - line.refunded;
  return {
    id: line.id,
    admin_graphql_api_id: `gid://shopify/LineItem/${String(line.id)}`,
    attributed_staffs: line.staffId === null ? [] : [{ id: `gid://shopify/StaffMember/${line.staffId}`, quantity: line.ordered }],
    current_quantity: current,
    fulfillable_quantity: unshippedOf(line),
    fulfillment_service: 'manual',
    fulfillment_status: line.shipped === 0 ? null : line.shipped >= line.ordered - line.removed ? 'fulfilled' : 'partial',
    gift_card: line.giftCard,
    grams: 200,
    name: line.title,
    price: spell(line.price.shop),
    price_set: set(line.price, settings),
    product_exists: line.productId !== null,
    product_id: line.productId,
    properties: [],
    quantity: line.ordered,
    requires_shipping: line.shippable,
    sku: line.sku ?? '',
    taxable: true,
    title: line.title,
    total_discount: '0.00',
    total_discount_set: set(nothing, settings),
    variant_id: line.variantId,
    variant_inventory_management: 'shopify',
    variant_title: null,
    vendor: null,
    tax_lines: [taxLine(line.tax, line.taxRate, settings)],
    duties: [],
    discount_allocations:
      line.discount.shop === 0
        ? []
        : [{ amount: spell(line.discount.shop), amount_set: set(line.discount, settings), discount_application_index: 0 }],
  };
}

function fulfillmentObject(fulfillment: SampleFulfillment, state: SampleOrderState): object {
  const { settings } = state;
  return {
    id: fulfillment.id,
    admin_graphql_api_id: `gid://shopify/Fulfillment/${String(fulfillment.id)}`,
    created_at: local(fulfillment.at),
    location_id: fulfillment.locationId,
    name: `#${String(settings.number)}.${String(state.fulfillments.indexOf(fulfillment) + 1)}`,
    order_id: numeral(settings.id),
    origin_address: {},
    receipt: {},
    service: 'manual',
    shipment_status: null,
    status: fulfillment.status,
    tracking_company: 'USPS',
    tracking_number: fulfillment.trackingNumber,
    tracking_numbers: [fulfillment.trackingNumber],
    tracking_url: `https://tools.usps.com/go/TrackConfirmAction_input?qtc_tLabels1=${fulfillment.trackingNumber}`,
    tracking_urls: [`https://tools.usps.com/go/TrackConfirmAction_input?qtc_tLabels1=${fulfillment.trackingNumber}`],
    updated_at: local(fulfillment.updatedAt),
    line_items: fulfillment.lines.flatMap(({ lineId, quantity }) => {
      const line = state.lines.find(({ id }) => id === lineId);
      return line ? [{ ...lineBody(line, settings), quantity }] : [];
    }),
  };
}

function refundObject(refund: SampleRefund, state: SampleOrderState): object {
  const { settings } = state;
  const index = state.refunds.indexOf(refund);
  const currency = settings.presentment?.currency ?? settings.currency ?? 'USD';
  return {
    id: refund.id,
    admin_graphql_api_id: `gid://shopify/Refund/${String(refund.id)}`,
    created_at: local(refund.at),
    note: refund.note,
    order_id: numeral(settings.id),
    processed_at: local(refund.at),
    restock: refund.lines.some(({ restock }) => restock !== 'no_restock'),
    total_additional_fees_set: set(nothing, settings),
    total_duties_set: set(nothing, settings),
    user_id: null,
    order_adjustments:
      refund.discrepancy.shop === 0
        ? []
        : [
            {
              id: derivedId(settings, 5, index),
              amount: spell(refund.discrepancy.shop),
              amount_set: set(refund.discrepancy, settings),
              kind: 'refund_discrepancy',
              order_id: numeral(settings.id),
              reason: 'Refund discrepancy',
              refund_id: refund.id,
              tax_amount: '0.00',
              tax_amount_set: set(nothing, settings),
            },
          ],
    transactions:
      refund.money.shop === 0
        ? []
        : [
            {
              id: derivedId(settings, 4, index),
              admin_graphql_api_id: `gid://shopify/OrderTransaction/${String(derivedId(settings, 4, index))}`,
              amount: spell(refund.money.presentment),
              authorization: null,
              created_at: local(refund.at),
              currency,
              device_id: null,
              error_code: null,
              gateway: 'bogus',
              kind: 'refund',
              location_id: null,
              message: 'Bogus Gateway: Forced success',
              order_id: numeral(settings.id),
              parent_id: derivedId(settings, 4, 500),
              payment_id: `c${String(settings.number)}.${String(index + 1)}`,
              processed_at: local(refund.at),
              receipt: {},
              source_name: 'web',
              status: 'success',
              test: false,
              user_id: null,
            },
          ],
    refund_line_items: refund.lines.flatMap((part) => {
      const line = state.lines.find(({ id }) => id === part.lineId);
      if (!line) return [];
      return [
        {
          id: part.id,
          line_item_id: part.lineId,
          location_id: part.locationId,
          quantity: part.quantity,
          restock_type: part.restock,
          subtotal: part.subtotal.shop / 100,
          subtotal_set: set(part.subtotal, settings),
          total_tax: part.tax.shop / 100,
          total_tax_set: set(part.tax, settings),
          line_item: lineBody(line, settings),
        },
      ];
    }),
    refund_shipping_lines: refund.shipping
      ? [
          {
            id: derivedId(settings, 6, index),
            subtotal_amount_set: set(refund.shipping.subtotal, settings),
            tax_amount_set: set(refund.shipping.tax, settings),
            shipping_line: { id: derivedId(settings, 7, 0) },
          },
        ]
      : [],
    duties: [],
    additional_fees: [],
  };
}

function addressBody(state: SampleOrderState): object | null {
  const customer = state.settings.customer;
  if (!customer) return null;
  const [first, last] = [customer.firstName ?? 'Bob', customer.lastName ?? 'Norman'];
  return {
    first_name: first,
    address1: 'Chestnut Street 92',
    phone: customer.phone ?? null,
    city: 'Louisville',
    zip: '40202',
    province: 'Kentucky',
    country: 'United States',
    last_name: last,
    address2: '',
    company: null,
    latitude: 45.41634,
    longitude: -75.6868,
    name: `${first} ${last}`,
    country_code: 'US',
    province_code: 'KY',
  };
}

function customerObject(state: SampleOrderState): object | null {
  const customer = state.settings.customer;
  if (!customer) return null;
  const placedAt = local(state.settings.placedAt);
  return {
    id: customer.id,
    email: customer.email,
    created_at: placedAt,
    updated_at: placedAt,
    first_name: customer.firstName ?? 'Bob',
    last_name: customer.lastName ?? 'Norman',
    state: 'disabled',
    note: null,
    verified_email: true,
    multipass_identifier: null,
    tax_exempt: false,
    phone: customer.phone ?? null,
    email_marketing_consent: { state: 'not_subscribed', opt_in_level: null, consent_updated_at: placedAt },
    sms_marketing_consent: null,
    tags: '',
    currency: state.settings.currency ?? 'USD',
    tax_exemptions: [],
    admin_graphql_api_id: `gid://shopify/Customer/${String(customer.id)}`,
    default_address: { id: customer.id, customer_id: customer.id, ...addressBody(state), country_name: 'United States', default: true },
  };
}

function financialStatus(state: SampleOrderState): string {
  const refunded = refundedMoneyOf(state).shop;
  if (state.received.shop === 0) return state.cancelledAt === null ? 'pending' : 'voided';
  if (refunded >= state.received.shop) return 'refunded';
  if (refunded > 0) return 'partially_refunded';
  return outstandingOf(state).shop > 0 ? 'partially_paid' : 'paid';
}

function fulfillmentStatus(state: SampleOrderState): string | null {
  const open = state.lines.some((line) => line.shippable && unshippedOf(line) > 0);
  if (state.lines.every(({ shipped }) => shipped === 0)) return null;
  return open ? 'partial' : 'fulfilled';
}

/** The whole order, 7 to 9 KB with two lines. */
export function orderBody(state: SampleOrderState): string {
  const { settings, lines } = state;
  const currency = settings.currency ?? 'USD';
  const amount = (name: string, value: SampleMoney): object => ({ [name]: spell(value.shop), [`${name}_set`]: set(value, settings) });
  const kept = (line: SampleLine): number => line.ordered - line.removed;
  const current = (line: SampleLine): [number, number] => [line.refunded, Math.max(line.refunded, kept(line))];
  const discount = plus(...lines.map((line) => line.discount));
  const goods = plus(...lines.map((line) => scaled(line.price, kept(line))));
  const subtotal = plus(...lines.map((line) => lineSubtotal(line, 0, kept(line))));
  const tax = plus(...lines.map((line) => lineTax(line, 0, kept(line))), state.shippingTax);
  const currentTax = plus(
    ...lines.map((line) => lineTax(line, ...current(line))),
    state.refunds.some(({ shipping }) => shipping) ? nothing : state.shippingTax,
  );
  const customer = settings.customer ?? null;
  const token = String(settings.id).padStart(32, 'b1946ac92492d2347c6235b4d2611184');
  return withNumerals({
    id: numeral(settings.id),
    admin_graphql_api_id: `gid://shopify/Order/${String(settings.id)}`,
    app_id: 580111,
    browser_ip: '0.0.0.0',
    buyer_accepts_marketing: false,
    cancel_reason: state.cancelReason,
    cancelled_at: state.cancelledAt === null ? null : local(state.cancelledAt),
    cart_token: '68778783ad298f1c80c3bafcddeea02f',
    checkout_id: derivedId(settings, 8, 0),
    checkout_token: 'bd5a8aa1ecd019dd3520ff791ee3a24c',
    client_details: {
      accept_language: 'en',
      browser_height: null,
      browser_ip: '0.0.0.0',
      browser_width: null,
      session_hash: null,
      user_agent: 'Mozilla/5.0',
    },
    closed_at: null,
    confirmation_number: null,
    confirmed: true,
    contact_email: customer?.email ?? null,
    created_at: local(settings.placedAt),
    currency,
    ...amount('current_subtotal_price', plus(...lines.map((line) => lineSubtotal(line, ...current(line))))),
    current_total_additional_fees_set: null,
    ...amount('current_total_discounts', discount),
    current_total_duties_set: null,
    ...amount('current_total_price', currentTotalOf(state)),
    ...amount('current_total_tax', currentTax),
    customer_locale: 'en',
    device_id: null,
    discount_codes: discount.shop === 0 ? [] : [{ code: 'TENOFF', amount: spell(discount.shop), type: 'fixed_amount' }],
    duties_included: false,
    email: customer?.email ?? '',
    estimated_taxes: false,
    financial_status: financialStatus(state),
    fulfillment_status: fulfillmentStatus(state),
    landing_site: 'http://www.example.com?source=abc',
    landing_site_ref: 'abc',
    location_id: settings.locationId ?? null,
    merchant_business_entity_id: 'MTU0ODM4MDAwOQ',
    merchant_of_record_app_id: null,
    name: `#${String(settings.number)}`,
    note: settings.note ?? null,
    note_attributes: [],
    number: settings.number - 1000,
    order_number: settings.number,
    order_status_url: `https://sample.myshopify.com/548380009/orders/${token}/authenticate?key=sample`,
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    payment_gateway_names: ['bogus'],
    phone: customer?.phone ?? null,
    po_number: null,
    presentment_currency: settings.presentment?.currency ?? currency,
    processed_at: local(settings.placedAt),
    reference: null,
    referring_site: 'http://www.otherexample.com',
    source_identifier: null,
    source_name: 'web',
    source_url: null,
    ...amount('subtotal_price', subtotal),
    tags: '',
    tax_exempt: false,
    tax_lines: [taxLine(tax, settings.taxRate ?? 0.19, settings)],
    taxes_included: settings.taxesIncluded ?? false,
    test: settings.test ?? false,
    token,
    total_cash_rounding_payment_adjustment_set: set(nothing, settings),
    total_cash_rounding_refund_adjustment_set: set(nothing, settings),
    ...amount('total_discounts', discount),
    ...amount('total_line_items_price', goods),
    total_outstanding: spell(outstandingOf(state).shop),
    ...amount('total_price', totalOf(state)),
    total_shipping_price_set: set(state.shipping, settings),
    ...amount('total_tax', tax),
    total_tip_received: spell(state.tip.shop),
    total_weight: 200 * lines.length,
    updated_at: local(state.updatedAt),
    user_id: settings.staffId ?? null,
    billing_address: addressBody(state),
    customer: customerObject(state),
    discount_applications:
      discount.shop === 0
        ? []
        : [
            {
              target_type: 'line_item',
              type: 'discount_code',
              value: spell(discount.shop),
              value_type: 'fixed_amount',
              allocation_method: 'across',
              target_selection: 'all',
              code: 'TENOFF',
            },
          ],
    fulfillments: state.fulfillments.map((fulfillment) => fulfillmentObject(fulfillment, state)),
    line_items: lines.map((line) => lineBody(line, settings)),
    payment_terms: null,
    refunds: state.refunds.map((refund) => refundObject(refund, state)),
    shipping_address: addressBody(state),
    shipping_lines: [
      {
        id: derivedId(settings, 7, 0),
        carrier_identifier: null,
        code: 'Standard',
        discounted_price: spell(state.shipping.shop),
        discounted_price_set: set(state.shipping, settings),
        is_removed: false,
        phone: null,
        price: spell(state.shipping.shop),
        price_set: set(state.shipping, settings),
        requested_fulfillment_service_id: null,
        source: 'shopify',
        title: 'Standard',
        tax_lines: state.shipping.shop === 0 ? [] : [taxLine(state.shippingTax, settings.taxRate ?? 0.19, settings)],
        discount_allocations: [],
      },
    ],
  });
}

/** What `orders/edited` says: the edit and no order. */
export function orderEditBody(state: SampleOrderState): string {
  const removals = state.lines.filter(({ removed }) => removed > 0).map(({ id, removed }) => ({ id, delta: removed }));
  return withNumerals({
    order_edit: {
      id: derivedId(state.settings, 9, 0),
      app_id: null,
      created_at: local(state.updatedAt),
      notify_customer: false,
      order_id: numeral(state.settings.id),
      staff_note: '',
      user_id: null,
      line_items: { additions: [], removals },
      discounts: { line_item: { additions: [], removals: [] } },
      shipping_lines: { additions: [], removals: [] },
    },
  });
}

export function refundBody(state: SampleOrderState, index: number): string {
  const refund = state.refunds[index];
  if (!refund) throw new Error(`order ${String(state.settings.id)} has no refund ${String(index)}`);
  return withNumerals(refundObject(refund, state));
}

export function fulfillmentBody(state: SampleOrderState, index: number): string {
  const fulfillment = state.fulfillments[index];
  if (!fulfillment) throw new Error(`order ${String(state.settings.id)} has no shipment ${String(index)}`);
  return withNumerals(fulfillmentObject(fulfillment, state));
}
