import type { Decimal } from '@instep/values';
import { add, compare, divide, isNegative, isZero, maximum, minimum, multiply, negate, subtract, sum, zero } from '@instep/values';

import { accounts } from '../chart-of-accounts.ts';
import type { LineFacts, OrderFacts, RefundedLine } from '../order-facts.ts';
import { combine, credit, debit } from '../postings.ts';
import type { Postings } from '../postings.ts';

interface Amount {
  readonly net: Decimal;
  readonly tax: Decimal;
}

const none: Amount = { net: zero, tax: zero };

/**
 * What the books must say of an order, given its facts: money in and out at the clearing account, what was earned by shipping (less what came
 * back), and the rest between customer and shop as deposit or receivable. It depends on the facts alone, so any order of arrival ends the same.
 *
 * Rules: goods are earned line by line as they ship, in proportion and to the minor unit; charges (shipping, tips, duties) with the first
 * shipment; allowances at once. `scale`: minor units of the currency.
 */
export function orderTarget(facts: OrderFacts, scale: number): Postings {
  if (facts.test) return {};
  const shipped = shippedByLine(facts);
  const anyShipped = [...shipped.values()].some((quantity) => compare(quantity, zero) > 0);
  const refunds = Object.values(facts.refunds);
  const money = sum(refunds.map((refund) => refund.money));
  const goods = Object.entries(facts.lines).map(([lineId, line]) => ({
    line,
    earned: earnedGoods(line, shipped.get(lineId) ?? zero, refundsOfLine(facts, lineId, scale), scale),
  }));
  const charged = anyShipped ? chargesEarned(facts) : { postings: {}, total: zero };
  const allowance = { net: sum(refunds.map((refund) => refund.adjustmentNet)), tax: sum(refunds.map((refund) => refund.adjustmentTax)) };
  const sales = sum(goods.filter(({ line }) => !line.giftCard).map(({ earned }) => earned.net));
  const giftCards = sum(goods.filter(({ line }) => line.giftCard).map(({ earned }) => earned.net));
  const tax = sum(goods.map(({ earned }) => earned.tax));
  const earned = subtract(sum([sales, giftCards, tax, charged.total]), add(allowance.net, allowance.tax));
  return combine(
    debit(accounts.clearing, subtract(facts.received, money)),
    credit(accounts.sales, sales),
    credit(accounts.giftCards, giftCards),
    credit(accounts.tax, tax),
    charged.postings,
    debit(accounts.allowances, allowance.net),
    debit(accounts.tax, allowance.tax),
    customerBalance(subtract(subtract(facts.received, money), earned)),
  );
}

/** Positive: the shop owes goods or money; negative: the customer owes money. */
function customerBalance(balance: Decimal): Postings {
  return isNegative(balance) ? debit(accounts.receivable, negate(balance)) : credit(accounts.deposits, balance);
}

function shippedByLine(facts: OrderFacts): ReadonlyMap<string, Decimal> {
  const shipped = new Map<string, Decimal>();
  for (const lines of Object.values(facts.shipments)) {
    for (const [lineId, quantity] of Object.entries(lines)) shipped.set(lineId, add(shipped.get(lineId) ?? zero, quantity));
  }
  return shipped;
}

interface LineRefunds {
  readonly cancelled: RefundedLine;
  readonly returned: RefundedLine;
  readonly notBack: RefundedLine;
}

function refundsOfLine(facts: OrderFacts, lineId: string, scale: number): LineRefunds {
  const totals = { cancelled: nothing, returned: nothing, notBack: nothing };
  for (const refund of Object.values(facts.refunds)) {
    const line = refund.lines[lineId];
    if (!line) continue;
    const goods = refund.goods?.[lineId] ?? {};
    const cancelled = share(line, goods.cancel ?? zero, scale);
    const returned = share(line, goods.return ?? zero, scale);
    totals.cancelled = plus(totals.cancelled, cancelled);
    totals.returned = plus(totals.returned, returned);
    totals.notBack = plus(totals.notBack, minus(minus(line, cancelled), returned));
  }
  return totals;
}

const nothing: RefundedLine = { quantity: zero, ...none };

function share(line: RefundedLine, quantity: Decimal, scale: number): RefundedLine {
  const taken = minimum(quantity, line.quantity);
  return { quantity: taken, ...part(line, taken, line.quantity, scale) };
}

function plus(a: RefundedLine, b: RefundedLine): RefundedLine {
  return { quantity: add(a.quantity, b.quantity), net: add(a.net, b.net), tax: add(a.tax, b.tax) };
}

function minus(a: RefundedLine, b: RefundedLine): RefundedLine {
  return { quantity: subtract(a.quantity, b.quantity), ...less(a, b) };
}

/**
 * Units refunded without coming back count as never shipped as long as so many are unshipped (they will not be), else as shipped and kept.
 * What is returned is taken off only as far as it had been shipped.
 */
function earnedGoods(line: LineFacts, shipped: Decimal, refunds: LineRefunds, scale: number): Amount {
  const unshipped = maximum(zero, subtract(subtract(line.quantity, refunds.cancelled.quantity), shipped));
  const neverLeft = minimum(refunds.notBack.quantity, unshipped);
  const neverLeftValue = part(refunds.notBack, neverLeft, refunds.notBack.quantity, scale);
  const quantity = subtract(subtract(line.quantity, refunds.cancelled.quantity), neverLeft);
  const value = less(less(line, refunds.cancelled), neverLeftValue);
  const earned = part(value, minimum(shipped, quantity), quantity, scale);
  const kept = less(refunds.notBack, neverLeftValue);
  const keptShipped = compare(shipped, zero) > 0 ? kept : none;
  const returned = part(refunds.returned, minimum(refunds.returned.quantity, shipped), refunds.returned.quantity, scale);
  return less(less(earned, returned), keptShipped);
}

function part(value: Amount, quantity: Decimal, of: Decimal, scale: number): Amount {
  if (isZero(quantity) || isZero(of)) return none;
  if (quantity === of) return { net: value.net, tax: value.tax };
  return { net: divide(multiply(value.net, quantity), of, scale), tax: divide(multiply(value.tax, quantity), of, scale) };
}

function less(a: Amount, b: Amount): Amount {
  return { net: subtract(a.net, b.net), tax: subtract(a.tax, b.tax) };
}

function chargesEarned({ charges, refunds }: OrderFacts): { readonly postings: Postings; readonly total: Decimal } {
  const shipping = subtract(charges.shipping, sum(Object.values(refunds).map((refund) => refund.shippingNet)));
  const tax = subtract(charges.tax, sum(Object.values(refunds).map((refund) => refund.shippingTax)));
  return {
    postings: combine(
      credit(accounts.shipping, shipping),
      credit(accounts.duties, charges.dutiesAndFees),
      credit(accounts.tips, charges.tip),
      credit(accounts.rounding, charges.rounding),
      credit(accounts.tax, tax),
      credit(accounts.clearing, charges.channelTax),
    ),
    total: sum([shipping, charges.dutiesAndFees, charges.tip, charges.rounding, tax, charges.channelTax]),
  };
}
