import type { DataSource } from 'typeorm';

/** Which of an entry's two times counts: when it happened in business, or when we recorded it. */
export type LedgerClock = 'occurred' | 'recorded';

export interface BalanceRow {
  readonly currency: string;
  readonly account: string;
  /** Debits positive. */
  readonly balance: string;
}

/** Balance of every account up to and including a moment (ISO 8601; null = everything). Exact: summed as numeric. */
export async function trialBalance(
  dataSource: DataSource,
  tenant: string,
  asOf: string | null,
  clock: LedgerClock,
): Promise<readonly BalanceRow[]> {
  const column = clock === 'occurred' ? 'occurred_at' : 'recorded_at';
  return await dataSource.query(
    `SELECT currency, account, trim_scale(sum(amount))::text AS balance
       FROM journal_line
      WHERE tenant = $1 AND ($2::timestamptz IS NULL OR ${column} <= $2::timestamptz)
      GROUP BY currency, account
      ORDER BY currency, account`,
    [tenant, asOf],
  );
}
