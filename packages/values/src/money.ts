import type { Currency } from './currency.ts';
import type { Decimal } from './decimal.ts';
import { add, isZero, negate, subtract } from './decimal.ts';

/**
 * Whose money it is: what the shop books in, what the buyer saw, what the ledger is kept in.
 * Amounts of two roles never meet: adding them does not compile.
 */
export type MoneyRole = 'shop' | 'presentment' | 'ledger';

export interface Money<Role extends MoneyRole = MoneyRole> {
  readonly role: Role;
  readonly amount: Decimal;
  readonly currency: Currency;
}

export function money<Role extends MoneyRole>(role: Role, amount: Decimal, currency: Currency): Money<Role> {
  return { role, amount, currency };
}

/** Throws a RangeError when the currencies differ: that is a fault of the caller, never a rate of 1. */
export function addMoney<Role extends MoneyRole>(a: Money<Role>, b: Money<NoInfer<Role>>): Money<Role> {
  sameCurrency(a, b);
  return { ...a, amount: add(a.amount, b.amount) };
}

/** As addMoney. */
export function subtractMoney<Role extends MoneyRole>(a: Money<Role>, b: Money<NoInfer<Role>>): Money<Role> {
  sameCurrency(a, b);
  return { ...a, amount: subtract(a.amount, b.amount) };
}

export function negateMoney<Role extends MoneyRole>(a: Money<Role>): Money<Role> {
  return { ...a, amount: negate(a.amount) };
}

export function isNoMoney(a: Money): boolean {
  return isZero(a.amount);
}

function sameCurrency(a: Money, b: Money): void {
  if (a.currency !== b.currency) throw new RangeError(`amounts in ${a.currency} and ${b.currency} cannot be combined`);
}
