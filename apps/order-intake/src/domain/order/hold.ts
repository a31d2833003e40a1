import type { HoldReason, OrderContent, OrderLine } from '@instep/contracts';
import { decimal, isNegative, isZero, parseCurrency } from '@instep/values';

import { exact, isBelowZero, isNone, minus, times } from './amounts.ts';

/** Codes that only another report mends: no one can say by hand what the money means. */
const beyondClerks: ReadonlySet<string> = new Set(['unknown-currency']);

export function canBeAccepted(code: string): boolean {
  return !beyondClerks.has(code) && code !== 'line-without-item';
}

/** Why an order cannot be worked on as it is, in words for a clerk. Lines with quantity 0 hold nothing up. */
export function holdReasons(
  content: OrderContent,
  currencies: { readonly shop: string; readonly presentment: string },
  accepted: readonly string[] = [],
): readonly HoldReason[] {
  const reasons: HoldReason[] = [];
  for (const code of new Set([currencies.shop, currencies.presentment])) {
    if (parseCurrency(code) === undefined) {
      reasons.push({
        code: 'unknown-currency',
        lineId: null,
        message: `The order is in "${code}", which is not a currency. It must be corrected in the shop.`,
      });
    }
  }
  for (const line of content.lines) reasons.push(...lineReasons(line));
  return accepted.length === 0 ? reasons : reasons.filter((reason) => !accepted.includes(reason.code));
}

function lineReasons(line: OrderLine): HoldReason[] {
  const quantity = decimal(line.quantity);
  if (isZero(quantity)) return [];
  const reasons: HoldReason[] = [];
  const add = (code: string, message: string) => reasons.push({ code, lineId: line.lineId, message: `${nameOf(line)} ${message}` });
  if (isNegative(quantity)) add('negative-quantity', `has the quantity ${line.quantity}. Correct it in the shop, or accept it.`);
  const price = exact(line.unitPrice);
  if (isBelowZero(price)) add('negative-price', `has a price below zero (${line.unitPrice.shop}). Correct it in the shop, or accept it.`);
  else if (!isNegative(quantity) && discountIsMore(line)) {
    add(
      'discount-above-price',
      `has a discount of ${line.discount.shop}, which is more than it costs. Correct it in the shop, or accept it.`,
    );
  }
  if (line.item === null && line.shippable && !line.giftCard) {
    add('line-without-item', 'must be shipped but names no item. Give the product an SKU in the shop, or choose an item for the line.');
  }
  return reasons;
}

function discountIsMore(line: OrderLine): boolean {
  const discount = exact(line.discount);
  return !isNone(discount) && isBelowZero(minus(times(exact(line.unitPrice), decimal(line.quantity)), discount));
}

function nameOf(line: OrderLine): string {
  return line.title === '' ? `Line ${line.lineId}` : `Line "${line.title.slice(0, 200)}"`;
}
