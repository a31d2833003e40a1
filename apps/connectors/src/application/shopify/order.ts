import type { Charge, Currencies, EventData } from '@instep/contracts';
import type { Decimal } from '@instep/values';
import { compare } from '@instep/values';

import { contentHash } from '../content-hash.ts';
import type { Money } from './amounts.ts';
import { amounts, charge, isNothing, larger, minus, moneyOr, nothingIn, optionalMoney, plus, total } from './amounts.ts';
import { mapFulfillment } from './fulfillment.ts';
import type { MappedLine } from './order-lines.ts';
import { allocated, asTax, isTip, mapLines, mapTaxes, tipOf } from './order-lines.ts';
import { rateOf, receivedMoney, tipMoney } from './order-money.ts';
import { buyerOf } from './person.ts';
import type { Node } from './read.ts';
import { children, flag, instant, optionalCurrency, optionalId, optionalInstant, ownId, tags, text } from './read.ts';
import { mapRefund, refundedUnits } from './refund.ts';
import { UnmappableBody } from './unmappable-body.ts';

type OrderReport = EventData<'channel-order.reported'>;

/** A whole order of the topics `orders/*`, as its channel sees it. Throws UnmappableBody. */
export function mapOrder(order: Node, channel: string, tenant: string): OrderReport {
  const currencies = currenciesOf(order);
  const taxesIncluded = flag(order, 'taxes_included') ?? false;
  const refundNodes = children(order, 'refunds');
  const lineNodes = children(order, 'line_items');
  const lines = mapLines(
    order,
    lineNodes.filter((line) => !isTip(line)),
    refundedUnits(refundNodes),
    { currencies, taxesIncluded },
  );
  const shippingNodes = children(order, 'shipping_lines');
  const shippingLines = shippingNodes.filter((line) => flag(line, 'is_removed') !== true);
  const shipping = shippingLines.map((line, index) => mapShipping(line, index, currencies, taxesIncluded));
  const rate = rateOf(order, currencies);
  const refunds = refundNodes.map((refund) => mapRefund(refund, { currencies, taxesIncluded, rate }));
  const refunded = total(
    refunds.map(({ exactMoney }) => exactMoney),
    currencies,
  );
  const tip = tipMoney(
    order,
    total(
      lineNodes.filter(isTip).map((line) => tipOf(line, currencies)),
      currencies,
    ),
    currencies,
    rate,
  );
  const duties = dutiesOf(order, lines, currencies, taxesIncluded);
  const fees =
    optionalMoney(order, 'original_total_additional_fees', currencies) ??
    moneyOr(order, 'current_total_additional_fees', currencies, nothingIn(currencies));
  const rounding = moneyOr(order, 'total_cash_rounding_payment_adjustment', currencies, nothingIn(currencies));
  const computed = total([...lines.map(({ gross }) => gross), ...shipping.map(({ gross }) => gross), tip, duties.gross, fees], currencies);
  const edited = lines.some(({ removed }) => removed) || shippingLines.length < shippingNodes.length;
  const named = optionalMoney(order, 'total_price', currencies);
  const due = edited || !named ? computed : named;
  const buyer = buyerOf(order, tenant);
  const updatedAt = optionalInstant(order, 'updated_at');
  const createdAt = instant(order, 'created_at');
  const cancelledAt = optionalInstant(order, 'cancelled_at');

  const facts = {
    channel,
    channelOrderId: ownId(order),
    number: text(order, 'name') ?? ownId(order),
    placedAt: optionalInstant(order, 'processed_at') ?? createdAt,
    test: flag(order, 'test') ?? false,
    currencies,
    taxesIncluded,
    paymentStatus: text(order, 'financial_status'),
    cancelled: cancelledAt === null ? null : { at: cancelledAt, reason: text(order, 'cancel_reason') },
    closedAt: optionalInstant(order, 'closed_at'),
    customer: buyer.contact,
    staffId: optionalId(order, 'user_id') ?? attributedStaff(lines),
    locationId: optionalId(order, 'location_id'),
    source: text(order, 'source_name'),
    poNumber: text(order, 'po_number'),
    tags: tags(order, 'tags'),
    lines: lines.map(({ line }) => line),
    shipping: shipping.map(({ line }) => line),
    tip: amounts(tip),
    duties: duties.charge,
    fees: { net: amounts(fees), tax: amounts(nothingIn(currencies)) },
    rounding: amounts(rounding),
    total: amounts(plus(due, rounding)),
    received: amounts(receivedMoney(order, { currencies, refunded, rate, rounding, most: named ? larger(named, computed) : computed })),
    refunds: refunds.map(({ refund }) => refund),
    fulfillments: children(order, 'fulfillments').map(mapFulfillment),
    personal: buyer.personal,
  };
  return { ...facts, reportedAt: updatedAt ?? createdAt, contentHash: contentHash(facts) };
}

function currenciesOf(order: Node): Currencies {
  const shop = optionalCurrency(order, 'currency');
  if (shop === null) throw new UnmappableBody('shopify/missing', `${order.at}/currency`, 'is missing');
  return { shop, presentment: optionalCurrency(order, 'presentment_currency') ?? shop };
}

interface MappedShipping {
  readonly line: OrderReport['shipping'][number];
  readonly gross: Money;
}

function mapShipping(line: Node, index: number, currencies: Currencies, taxesIncluded: boolean): MappedShipping {
  const price = moneyOr(line, 'price', currencies, nothingIn(currencies));
  const discount = allocated(line, currencies) ?? minus(price, moneyOr(line, 'discounted_price', currencies, price));
  const discounted = minus(price, discount);
  const taxes = mapTaxes(line, currencies);
  const tax = total(
    taxes.map((each) => each.money),
    currencies,
  );
  return {
    line: {
      id: optionalId(line, 'id') ?? `shipping-${String(index + 1)}`,
      title: text(line, 'title') ?? '',
      charge: charge(discounted, tax, taxesIncluded),
      discount: amounts(discount),
      ...(taxes.length === 0 ? {} : { taxes: taxes.map(asTax) }),
    },
    gross: taxesIncluded ? discounted : plus(discounted, tax),
  };
}

/** Duties apart from prices. When prices contain them they are part of the lines and none are left to charge. */
function dutiesOf(
  order: Node,
  lines: readonly MappedLine[],
  currencies: Currencies,
  taxesIncluded: boolean,
): { readonly charge: Charge; readonly gross: Money } {
  const none = nothingIn(currencies);
  if (flag(order, 'duties_included') === true) return { charge: charge(none, none, false), gross: none };
  const ofLines = total(
    lines.map(({ duties }) => duties),
    currencies,
  );
  const price = isNothing(ofLines)
    ? (optionalMoney(order, 'original_total_duties', currencies) ?? moneyOr(order, 'current_total_duties', currencies, none))
    : ofLines;
  const tax = total(
    lines.map(({ dutiesTax }) => dutiesTax),
    currencies,
  );
  return { charge: charge(price, tax, taxesIncluded), gross: taxesIncluded ? price : plus(price, tax) };
}

/** When no user made the order: whoever is named for most units of its lines. */
function attributedStaff(lines: readonly MappedLine[]): string | null {
  let found: { readonly staffId: string; readonly quantity: Decimal } | undefined;
  for (const line of lines) {
    for (const staff of line.staff) {
      if (!found || compare(staff.quantity, found.quantity) > 0) found = staff;
    }
  }
  return found?.staffId ?? null;
}
