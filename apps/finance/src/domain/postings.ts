import type { Decimal } from '@instep/values';
import { add, isZero, negate, subtract, sum, zero } from '@instep/values';

import type { Account } from './chart-of-accounts.ts';

/** Signed amounts per account number: debits positive, credits negative. */
export type Postings = Readonly<Record<string, Decimal>>;

export interface PostingLine {
  readonly account: string;
  readonly amount: Decimal;
}

export function debit(account: Account, amount: Decimal): Postings {
  return isZero(amount) ? {} : { [account.number]: amount };
}

export function credit(account: Account, amount: Decimal): Postings {
  return debit(account, negate(amount));
}

export function combine(...parts: readonly Postings[]): Postings {
  const all: Record<string, Decimal> = {};
  for (const part of parts) {
    for (const [account, amount] of Object.entries(part)) all[account] = add(all[account] ?? zero, amount);
  }
  return all;
}

/** What has to be posted so that `done` becomes `target`; by account number, without zeros. */
export function difference(target: Postings, done: Postings): readonly PostingLine[] {
  return [...new Set([...Object.keys(target), ...Object.keys(done)])]
    .sort()
    .map((account) => ({ account, amount: subtract(target[account] ?? zero, done[account] ?? zero) }))
    .filter(({ amount }) => !isZero(amount));
}

/** Debits less credits: zero for an entry of the ledger. */
export function imbalance(lines: readonly PostingLine[]): Decimal {
  return sum(lines.map(({ amount }) => amount));
}
