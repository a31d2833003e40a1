import { decimal, fixed, minorUnits, sum, zero, type Decimal } from '@instep/values';

export type AccountGroup = 'asset' | 'liability' | 'income' | 'expense';
export const accountGroups: readonly AccountGroup[] = ['asset', 'liability', 'income', 'expense'];

/** Debits positive. The total of a currency is zero, or something is wrong. */
export type Books = { readonly currency: string; readonly groups: Readonly<Record<AccountGroup, string>>; readonly total: string };

export type Account = { readonly number: string; readonly type: AccountGroup };

export type TrialBalance = {
  readonly currencies: readonly {
    readonly currency: string;
    readonly total: string;
    readonly accounts: readonly { readonly account: string; readonly balance: string }[];
  }[];
};

/** The trial balance per group of accounts; the currency with most accounts first. */
export function booksOf({ currencies }: TrialBalance, chart: readonly Account[]): readonly Books[] {
  const typeOf = new Map(chart.map(({ number, type }) => [number, type]));
  const most = [...currencies].sort((a, b) => b.accounts.length - a.accounts.length);
  return most.map(({ currency, accounts }) => {
    const spelt = (amounts: readonly Decimal[]): string => fixed(amounts.length === 0 ? zero : sum(amounts), minorUnits(currency));
    const group = (type: AccountGroup): string =>
      spelt(accounts.filter(({ account }) => typeOf.get(account) === type).map(({ balance }) => decimal(balance)));
    return {
      currency,
      groups: { asset: group('asset'), liability: group('liability'), income: group('income'), expense: group('expense') },
      // Added up here, not believed.
      total: spelt(accounts.map(({ balance }) => decimal(balance))),
    };
  });
}
