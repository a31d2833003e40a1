import type { DataSource } from 'typeorm';

export interface JournalEntry {
  readonly journalId: string;
  readonly kind: string;
  readonly orderId: string | null;
  readonly currency: string;
  readonly occurredAt: string;
  readonly recordedAt: string;
  /** Id of the event that caused it. */
  readonly causedBy: string;
  readonly memo: string;
  readonly lines: readonly { readonly account: string; readonly amount: string }[];
}

/** Journals in the order of their ids after `after`, at most `limit`; of one order when `orderId` is given. */
export async function findJournals(
  dataSource: DataSource,
  { tenant, orderId, after, limit }: { tenant: string; orderId: string | undefined; after: string | undefined; limit: number },
): Promise<readonly JournalEntry[]> {
  return await dataSource.query(
    `SELECT journal_id AS "journalId", kind, order_id AS "orderId", currency,
            to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "occurredAt",
            to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "recordedAt",
            cause_id AS "causedBy", memo,
            json_agg(json_build_object('account', account, 'amount', amount::text) ORDER BY line) AS lines
       FROM journal_line
      WHERE tenant = $1 AND ($2::text IS NULL OR order_id = $2) AND ($3::text IS NULL OR journal_id > $3)
      GROUP BY journal_id, kind, order_id, currency, occurred_at, recorded_at, cause_id, memo
      ORDER BY journal_id
      LIMIT $4`,
    [tenant, orderId ?? null, after ?? null, limit],
  );
}
