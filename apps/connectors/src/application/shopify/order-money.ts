import type { Currencies } from '@instep/contracts';
import type { Decimal } from '@instep/values';
import { isNegative, minorUnits } from '@instep/values';

import type { Money } from './amounts.ts';
import { converted, isNothing, larger, minus, money, moneyOr, nothingIn, optionalMoney, plus, smaller } from './amounts.ts';
import type { Node } from './read.ts';
import { has, optionalDecimal, text } from './read.ts';

/** The order's total in both currencies: the rate for amounts that Shopify names in one only. */
export function rateOf(order: Node, currencies: Currencies): Money {
  return moneyOr(order, 'total_price', currencies, nothingIn(currencies));
}

function inBoth(shop: Decimal, currencies: Currencies, rate: Money): Money {
  if (currencies.shop === currencies.presentment || rate.presentment === undefined) return money(shop);
  return money(shop, converted(shop, { from: rate.shop, to: rate.presentment }, minorUnits(currencies.presentment)));
}

/** `total_tip_received` sums all tips, those that are lines too; it names the shop's currency only. */
export function tipMoney(order: Node, ofLines: Money, currencies: Currencies, rate: Money): Money {
  const named = optionalDecimal(order, 'total_tip_received');
  if (named === undefined || named === ofLines.shop) return ofLines;
  return isNothing(ofLines) ? inBoth(named, currencies, rate) : larger(ofLines, inBoth(named, currencies, rate));
}

const nothingCaptured: ReadonlySet<string> = new Set(['pending', 'authorized', 'voided', 'expired']);
const wholeCaptured: ReadonlySet<string> = new Set(['paid', 'partially_refunded', 'refunded']);

interface ReceivedTerms {
  readonly currencies: Currencies;
  /** Money that went back, before cash was rounded. */
  readonly refunded: Money;
  readonly rate: Money;
  readonly rounding: Money;
  /** What the order costs before returns, without cash rounding: more comes in only when Shopify says that money is owed to the buyer. */
  readonly most: Money;
}

/**
 * Money captured so far, before refunds and with cash rounding. A webhook names no captures, but what is outstanding: the current total (after
 * edits and returns) less what came in, plus what went back. So what came in = current total - outstanding + money refunded.
 * Bodies from before `total_outstanding` tell only whether all was captured.
 */
export function receivedMoney(order: Node, { currencies, refunded, rate, rounding, most }: ReceivedTerms): Money {
  const none = nothingIn(currencies);
  const status = text(order, 'financial_status');
  if (status !== null && nothingCaptured.has(status)) return none;
  const outstanding = optionalDecimal(order, 'total_outstanding');
  if (outstanding === undefined || !has(order, 'current_total_price'))
    return status !== null && wholeCaptured.has(status) ? plus(most, rounding) : none;
  const current = optionalMoney(order, 'current_total_price', currencies) ?? none;
  const came = plus(minus(current, inBoth(outstanding, currencies, rate)), refunded);
  if (isNegative(came.shop)) return none;
  const owedToBuyer = isNegative(outstanding);
  const captured = owedToBuyer ? came : smaller(came, most);
  return isNothing(captured) ? none : plus(captured, rounding);
}
