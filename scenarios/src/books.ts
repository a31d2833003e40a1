import type { Company } from './company.ts';

/** Balance per account of one order's journals, by account number, without zeros; from the ledger itself. */
export async function balancesOf(company: Company, orderId: string): Promise<Record<string, string>> {
  const rows = await company.query<{ account: string; balance: string }>(
    'finance',
    `SELECT account, trim_scale(sum(amount))::text AS balance FROM journal_line WHERE order_id = $1 GROUP BY account HAVING sum(amount) <> 0 ORDER BY account`,
    [orderId],
  );
  return Object.fromEntries(rows.map(({ account, balance }) => [account, balance]));
}

/** Journals whose lines do not add up to zero: none, ever. */
export async function unbalanced(company: Company): Promise<readonly string[]> {
  const rows = await company.query<{ journal_id: string }>(
    'finance',
    'SELECT journal_id FROM journal_line GROUP BY tenant, journal_id, currency HAVING sum(amount) <> 0',
  );
  return rows.map(({ journal_id }) => journal_id);
}
