import type { ChannelRefund, Currencies, Restock } from '@instep/contracts';
import type { Decimal } from '@instep/values';
import { add, compare, decimal as number, divide, isZero, minorUnits, multiply, subtract, zero } from '@instep/values';

import type { Money } from './amounts.ts';
import { amounts, charge, converted, money, moneyOr, moneySet, nothingIn, optionalMoney, plus, reversed, total } from './amounts.ts';
import { isTip, priceOfUnits } from './order-lines.ts';
import type { Node } from './read.ts';
import { child, children, decimal, flag, has, id, instant, optionalCurrency, optionalDecimal, optionalId, ownId, text } from './read.ts';

interface RefundTerms {
  readonly currencies: Currencies;
  /** Undefined when the refund came alone: its own figures then tell. */
  readonly taxesIncluded: boolean | undefined;
  /** An amount in both currencies, for refunds that are money and nothing else. */
  readonly rate?: Money;
}

interface RefundedLine {
  readonly node: Node;
  readonly subtotal: Money;
  readonly tax: Money;
}

interface MappedRefund {
  readonly refund: ChannelRefund;
  /** Money that went back, before cash was rounded. */
  readonly exactMoney: Money;
}

/** A refund, the same whether it came inside its order or alone. */
export function mapRefund(refund: Node, { currencies, taxesIncluded, rate }: RefundTerms): MappedRefund {
  const all = children(refund, 'refund_line_items').map((node) => refundedLine(node, currencies));
  const included = taxesIncluded ?? looksIncluded(all, refund);
  const isTipLine = ({ node }: RefundedLine): boolean => {
    const line = child(node, 'line_item');
    return line !== undefined && isTip(line);
  };
  const lines = all.filter((line) => !isTipLine(line));
  const shipping = refundedShipping(refund, currencies);
  const rounding = total(
    refundTransactions(refund).map((transaction) => roundingOf(transaction, currencies)),
    currencies,
  );
  const beyond = [
    ...children(refund, 'order_adjustments')
      .filter((adjustment) => text(adjustment, 'kind') !== 'shipping_refund')
      .map((adjustment) => givenBack(adjustment, currencies)),
    ...all.filter(isTipLine),
    { subtotal: sumOf(refund, 'duties', 'total_duties', currencies), tax: nothingIn(currencies) },
    { subtotal: sumOf(refund, 'additional_fees', 'total_additional_fees', currencies), tax: nothingIn(currencies) },
    { subtotal: rounding, tax: nothingIn(currencies) },
  ];
  const subtotals = total(
    [...lines, shipping, ...beyond].map(({ subtotal }) => subtotal),
    currencies,
  );
  const taxes = total(
    [...lines, shipping, ...beyond].map(({ tax }) => tax),
    currencies,
  );
  const worth = included ? subtotals : plus(subtotals, taxes);
  const exactMoney = moneyBack(refund, currencies, rate === undefined || !isZero(worth.shop) ? worth : rate);
  const mapped = {
    refundId: ownId(refund),
    createdAt: instant(refund, 'created_at'),
    lines: lines.map(({ node, subtotal, tax }) => {
      const { net, tax: taxAmounts } = charge(subtotal, tax, included);
      return {
        lineId: id(node, 'line_item_id'),
        quantity: decimal(node, 'quantity'),
        restock: restockOf(node, refund),
        locationId: optionalId(node, 'location_id'),
        net,
        tax: taxAmounts,
      };
    }),
    shipping: charge(shipping.subtotal, shipping.tax, included),
    adjustment: charge(
      total(
        beyond.map(({ subtotal }) => subtotal),
        currencies,
      ),
      total(
        beyond.map(({ tax }) => tax),
        currencies,
      ),
      included,
    ),
    money: amounts(plus(exactMoney, rounding)),
  };
  return { refund: mapped, exactMoney };
}

function refundedLine(node: Node, currencies: Currencies): RefundedLine {
  const line = child(node, 'line_item');
  const computed =
    line && !has(node, 'subtotal') && !has(node, 'subtotal_set') ? priceOfUnits(line, decimal(node, 'quantity'), currencies) : undefined;
  return {
    node,
    subtotal: computed?.subtotal ?? moneyOr(node, 'subtotal', currencies, nothingIn(currencies)),
    tax: computed?.tax ?? moneyOr(node, 'total_tax', currencies, nothingIn(currencies)),
  };
}

/**
 * Whether the subtotals contain their tax, which a refund on its own does not say: the rates do. A tax of `subtotal * rate / (1 + rate)`,
 * but for rounding, is contained. When the figures fit neither way it is taken to be on top; the order's next report knows.
 */
function looksIncluded(lines: readonly RefundedLine[], refund: Node): boolean {
  let onTop = zero;
  let contained = zero;
  let charged = zero;
  let tolerance = zero;
  for (const { node, subtotal, tax } of lines) {
    const line = child(node, 'line_item') ?? refund;
    const rate = children(line, 'tax_lines').reduce((sum, each) => add(sum, optionalDecimal(each, 'rate') ?? zero), zero);
    if (compare(rate, zero) <= 0 || isZero(tax.shop)) continue;
    onTop = add(onTop, multiply(subtotal.shop, rate));
    contained = add(contained, divide(multiply(subtotal.shop, rate), add(number('1'), rate), 6));
    charged = add(charged, tax.shop);
    tolerance = add(tolerance, number('0.02'));
  }
  const off = distance(charged, contained);
  return compare(off, tolerance) <= 0 && compare(off, distance(charged, onTop)) < 0;
}

function distance(a: Decimal, b: Decimal): Decimal {
  return compare(a, b) < 0 ? subtract(b, a) : subtract(a, b);
}

/** `legacy_restock`, and bodies without the word, say only that goods are back: unshipped ones never left. */
function restockOf(node: Node, refund: Node): Restock {
  const word = text(node, 'restock_type') ?? (flag(refund, 'restock') === true ? 'legacy_restock' : 'no_restock');
  if (word === 'cancel' || word === 'return') return word;
  if (word !== 'legacy_restock') return 'none';
  const line = child(node, 'line_item');
  return line !== undefined && text(line, 'fulfillment_status') === null ? 'cancel' : 'return';
}

/** Newer bodies list refunded shipping lines, older ones an adjustment; when both are there they say the same. */
function refundedShipping(refund: Node, currencies: Currencies): { readonly subtotal: Money; readonly tax: Money } {
  const lines = children(refund, 'refund_shipping_lines');
  const parts =
    lines.length > 0
      ? lines.map((line) => ({
          subtotal: optionalMoney(line, 'subtotal_amount', currencies) ?? moneyOr(line, 'subtotal', currencies, nothingIn(currencies)),
          tax: optionalMoney(line, 'tax_amount', currencies) ?? moneyOr(line, 'total_tax', currencies, nothingIn(currencies)),
        }))
      : children(refund, 'order_adjustments')
          .filter((adjustment) => text(adjustment, 'kind') === 'shipping_refund')
          .map((adjustment) => givenBack(adjustment, currencies));
  return {
    subtotal: total(
      parts.map(({ subtotal }) => subtotal),
      currencies,
    ),
    tax: total(
      parts.map(({ tax }) => tax),
      currencies,
    ),
  };
}

/** Shopify's adjustments are positive in the merchant's favour. */
function givenBack(adjustment: Node, currencies: Currencies): { readonly subtotal: Money; readonly tax: Money } {
  return {
    subtotal: reversed(moneyOr(adjustment, 'amount', currencies, nothingIn(currencies))),
    tax: reversed(moneyOr(adjustment, 'tax_amount', currencies, nothingIn(currencies))),
  };
}

function sumOf(refund: Node, list: string, totalName: string, currencies: Currencies): Money {
  const parts = children(refund, list);
  if (parts.length === 0) return moneyOr(refund, totalName, currencies, nothingIn(currencies));
  return total(
    parts.map((part) => optionalMoney(part, 'amount', currencies) ?? moneyOr(part, 'price', currencies, nothingIn(currencies))),
    currencies,
  );
}

function refundTransactions(refund: Node): Node[] {
  return children(refund, 'transactions').filter(
    (transaction) => text(transaction, 'kind') === 'refund' && text(transaction, 'status') === 'success',
  );
}

/** Cash is rounded to coins: what was handed out beyond the amount. */
function roundingOf(transaction: Node, currencies: Currencies): Money {
  return moneyOr(transaction, 'amount_rounding', currencies, nothingIn(currencies));
}

/** Successful refunds of money before cash rounding. Transactions name one currency only: the other follows from what the refund is worth in both. */
function moneyBack(refund: Node, currencies: Currencies, worth: Money): Money {
  const oneCurrency = currencies.shop === currencies.presentment;
  let shop = zero;
  let presentment = zero;
  for (const transaction of refundTransactions(refund)) {
    const set = child(transaction, 'amount_set');
    const amount = set ? moneySet(set, !oneCurrency) : transactionMoney(transaction, currencies, worth);
    shop = add(shop, amount.shop);
    presentment = add(presentment, amount.presentment ?? zero);
  }
  return oneCurrency ? money(shop) : money(shop, presentment);
}

function transactionMoney(transaction: Node, currencies: Currencies, worth: Money): Money {
  const amount = decimal(transaction, 'amount');
  if (currencies.shop === currencies.presentment) return money(amount);
  const seen = worth.presentment ?? zero;
  if (text(transaction, 'currency') === currencies.presentment) {
    return money(converted(amount, { from: seen, to: worth.shop }, minorUnits(currencies.shop)) ?? amount, amount);
  }
  return money(amount, converted(amount, { from: worth.shop, to: seen }, minorUnits(currencies.presentment)));
}

/** Units refunded per line, over the refunds of an order. */
export function refundedUnits(refunds: readonly Node[]): ReadonlyMap<string, Decimal> {
  const units = new Map<string, Decimal>();
  for (const refund of refunds) {
    for (const line of children(refund, 'refund_line_items')) {
      const lineId = id(line, 'line_item_id');
      units.set(lineId, add(units.get(lineId) ?? zero, decimal(line, 'quantity')));
    }
  }
  return units;
}

/** The currencies that a refund on its own names. Null when it names none. */
export function currenciesOf(refund: Node): Currencies | null {
  for (const line of children(refund, 'refund_line_items')) {
    const found = setCurrencies(child(line, 'subtotal_set'));
    if (found) return found;
  }
  for (const name of ['refund_shipping_lines', 'order_adjustments']) {
    for (const each of children(refund, name)) {
      const found = setCurrencies(child(each, 'subtotal_amount_set') ?? child(each, 'amount_set'));
      if (found) return found;
    }
  }
  const found = setCurrencies(child(refund, 'total_duties_set'));
  if (found) return found;
  for (const transaction of children(refund, 'transactions')) {
    const currency = optionalCurrency(transaction, 'currency');
    if (currency !== null) return { shop: currency, presentment: currency };
  }
  return null;
}

function setCurrencies(set: Node | undefined): Currencies | null {
  const shopMoney = set && child(set, 'shop_money');
  const shop = shopMoney && optionalCurrency(shopMoney, 'currency_code');
  if (!set || !shop) return null;
  const presentment = child(set, 'presentment_money');
  return { shop, presentment: (presentment && optionalCurrency(presentment, 'currency_code')) ?? shop };
}
