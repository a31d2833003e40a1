import type { Amounts, Charge, Currencies } from '@instep/contracts';
import type { Decimal } from '@instep/values';
import { add, allocate, compare, divide, isZero, minorUnits, multiply, negate, subtract, zero } from '@instep/values';

import type { Node } from './read.ts';
import { child, decimal, has, optionalDecimal } from './read.ts';

/** An amount in the shop's currency and, when the buyer saw another one, in that. */
export interface Money {
  readonly shop: Decimal;
  readonly presentment?: Decimal;
}

export function money(shop: Decimal, presentment?: Decimal): Money {
  return presentment === undefined ? { shop } : { shop, presentment };
}

export function nothingIn(currencies: Currencies): Money {
  return currencies.shop === currencies.presentment ? money(zero) : money(zero, zero);
}

/**
 * The amount `<name>_set`, else the plain `<name>`, which is in the shop's currency. Undefined when neither is there.
 * Without a set, an amount that is not zero has no known presentment.
 */
export function optionalMoney(node: Node, name: string, currencies: Currencies): Money | undefined {
  const both = currencies.shop !== currencies.presentment;
  const set = child(node, `${name}_set`);
  if (set) return moneySet(set, both);
  if (!has(node, name)) return undefined;
  const shop = decimal(node, name);
  return both && isZero(shop) ? money(shop, zero) : money(shop);
}

export function moneyOr(node: Node, name: string, currencies: Currencies, otherwise: Money): Money {
  return optionalMoney(node, name, currencies) ?? otherwise;
}

/** `{shop_money: {amount}, presentment_money: {amount}}`. */
export function moneySet(set: Node, both: boolean): Money {
  const shop = decimal(child(set, 'shop_money') ?? set, 'amount');
  const presentment = both ? child(set, 'presentment_money') : undefined;
  return money(shop, presentment && optionalDecimal(presentment, 'amount'));
}

function both(a: Money, b: Money, calculate: (x: Decimal, y: Decimal) => Decimal): Money {
  if (a.presentment === undefined || b.presentment === undefined) return money(calculate(a.shop, b.shop));
  return money(calculate(a.shop, b.shop), calculate(a.presentment, b.presentment));
}

export function plus(a: Money, b: Money): Money {
  if (isNothing(b)) return a;
  return isNothing(a) ? b : both(a, b, add);
}

export function minus(a: Money, b: Money): Money {
  return isNothing(b) ? a : both(a, b, subtract);
}

export function reversed(a: Money): Money {
  return a.presentment === undefined ? money(negate(a.shop)) : money(negate(a.shop), negate(a.presentment));
}

export function times(a: Money, quantity: Decimal): Money {
  if (quantity === '1') return a;
  return a.presentment === undefined
    ? money(multiply(a.shop, quantity))
    : money(multiply(a.shop, quantity), multiply(a.presentment, quantity));
}

export function total(parts: readonly Money[], currencies: Currencies): Money {
  return parts.reduce(plus, nothingIn(currencies));
}

export function isNothing(a: Money): boolean {
  return isZero(a.shop) && (a.presentment === undefined || isZero(a.presentment));
}

export function larger(a: Money, b: Money): Money {
  return compare(a.shop, b.shop) >= 0 ? a : b;
}

export function smaller(a: Money, b: Money): Money {
  return compare(a.shop, b.shop) <= 0 ? a : b;
}

/** Splits over weights to the smallest unit of the currency; the parts add up to the whole. */
export function split(whole: Money, weights: readonly Decimal[], currencies: Currencies): Money[] {
  const shop = allocate(whole.shop, weights, minorUnits(currencies.shop));
  const presentment =
    whole.presentment === undefined ? undefined : allocate(whole.presentment, weights, minorUnits(currencies.presentment));
  return shop.map((part, index) => money(part, presentment?.[index]));
}

/** The part of an amount for `some` of `all` units. */
export function part(whole: Money, some: Decimal, all: Decimal, currencies: Currencies): Money {
  if (some === all || isNothing(whole)) return whole;
  return split(whole, [some, subtract(all, some)], currencies)[0] ?? whole;
}

/** `amount` of one currency in the other, at the rate that `known` stands for, rounded to `scale` places. */
export function converted(amount: Decimal, known: { readonly from: Decimal; readonly to: Decimal }, scale: number): Decimal | undefined {
  if (isZero(amount)) return zero;
  return isZero(known.from) ? undefined : divide(multiply(amount, known.to), known.from, scale);
}

/** Net and tax of a price that may contain its tax. */
export function charge(price: Money, tax: Money, taxesIncluded: boolean): Charge {
  return { net: amounts(taxesIncluded ? minus(price, tax) : price), tax: amounts(tax) };
}

/** As it stands in events. The order of the keys is fixed: content hashes depend on it. */
export function amounts(of: Money): Amounts {
  return of.presentment === undefined ? { shop: of.shop } : { shop: of.shop, presentment: of.presentment };
}
