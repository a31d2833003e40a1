import type { OrderContent, OrderLine } from '@instep/contracts';
import type { Decimal } from '@instep/values';

import type { ExactAmounts } from './amounts.ts';
import { isNone, minus, noAmounts, plus, times } from './amounts.ts';

export interface PricedLine {
  readonly lineId: string;
  readonly item: string | null;
  readonly title: string;
  readonly quantity: Decimal;
  readonly unitPrice: ExactAmounts;
  /** For the whole quantity. */
  readonly discount: ExactAmounts;
  /** For the whole quantity: what the seller owes to the state. */
  readonly tax: ExactAmounts;
  /** For the whole quantity: what the channel itself collects and pays to the state. */
  readonly channelTax: ExactAmounts;
  readonly shippable: boolean;
  readonly giftCard: boolean;
}

export interface ExactCharge {
  readonly net: ExactAmounts;
  readonly tax: ExactAmounts;
}

export interface PricedOrder {
  readonly lines: readonly PricedLine[];
  /** Whether unit prices and discounts contain the taxes. */
  readonly taxesIncluded: boolean;
  readonly shipping: readonly ExactCharge[];
  /** What the channel itself pays to the state on other charges than lines; not in those charges. */
  readonly channelTax: ExactAmounts;
  readonly duties: ExactCharge;
  readonly fees: ExactCharge;
  readonly tip: ExactAmounts;
  readonly rounding: ExactAmounts;
  /** What the seller says it costs; left out, it is the sum of the parts. */
  readonly total?: ExactAmounts;
}

export const noCharge: ExactCharge = { net: noAmounts, tax: noAmounts };

/**
 * Content whose parts add up to its total. Taxes of the channel are in nobody's net and tax, they stand beside them; what the channel's
 * total has beyond its own parts is named `difference`, never hidden in a line.
 */
export function contentOf(order: PricedOrder): OrderContent {
  const lines: OrderLine[] = [];
  let { channelTax } = order;
  let parts = noAmounts;
  for (const priced of order.lines) {
    const net = netOf(priced, order.taxesIncluded);
    channelTax = plus(channelTax, priced.channelTax);
    parts = plus(parts, plus(net, priced.tax));
    lines.push(lineOf(priced, net));
  }
  const shipping = order.shipping.reduce(addCharge, noCharge);
  parts = [
    shipping.net,
    shipping.tax,
    order.duties.net,
    order.duties.tax,
    order.fees.net,
    order.fees.tax,
    order.tip,
    order.rounding,
    channelTax,
  ].reduce(plus, parts);
  const total = order.total ?? parts;
  const difference = minus(total, parts);
  return {
    lines,
    shipping,
    duties: order.duties,
    fees: order.fees,
    tip: order.tip,
    rounding: order.rounding,
    ...(isNone(channelTax) ? {} : { channelTax }),
    ...(isNone(difference) ? {} : { difference }),
    total,
  };
}

/** The content with the items that somebody chose for lines that name none. */
export function withItems(content: OrderContent, assigned: Readonly<Record<string, string>> | undefined): OrderContent {
  if (assigned === undefined) return content;
  return { ...content, lines: content.lines.map((line) => (line.item === null ? { ...line, item: assigned[line.lineId] ?? null } : line)) };
}

function netOf(line: PricedLine, taxesIncluded: boolean): ExactAmounts {
  const charged = minus(times(line.unitPrice, line.quantity), line.discount);
  return taxesIncluded ? minus(minus(charged, line.tax), line.channelTax) : charged;
}

function lineOf(line: PricedLine, net: ExactAmounts): OrderLine {
  const { lineId, item, title, quantity, unitPrice, discount, tax, shippable, giftCard } = line;
  return { lineId, item, title, quantity, unitPrice, discount, net, tax, shippable, giftCard };
}

function addCharge(a: ExactCharge, b: ExactCharge): ExactCharge {
  return { net: plus(a.net, b.net), tax: plus(a.tax, b.tax) };
}
