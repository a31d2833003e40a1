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

/** A journal's id is `<document>#<number>`: what both are, as SQL over a column or a parameter. The index has the same expressions. */
const documentOf = (id: string): string => `left(${id}, -1 - length(split_part(${id}, '#', -1)))`;
const numberOf = (id: string): string => `split_part(${id}, '#', -1)::bigint`;

/** Whether a text is an id of a journal. */
export function isJournalId(text: string): boolean {
  return /^.+#\d{1,15}$/u.test(text);
}

/** Journals by document and number after the journal `after`, at most `limit`; of one order when `orderId` is given. */
export async function findJournals(
  dataSource: DataSource,
  { tenant, orderId, after, limit }: { tenant: string; orderId: string | undefined; after: string | undefined; limit: number },
): Promise<readonly JournalEntry[]> {
  return await dataSource.query(
    `WITH page AS (
       SELECT tenant, journal_id, ${documentOf('journal_id')} AS document, ${numberOf('journal_id')} AS number
         FROM journal_line
        WHERE tenant = $1 AND line = 1 AND ($2::text IS NULL OR order_id = $2)
          AND ($3::text IS NULL OR (${documentOf('journal_id')}, ${numberOf('journal_id')}) > (${documentOf('$3')}, ${numberOf('$3')}))
        ORDER BY document, number
        LIMIT $4
     )
     SELECT journal_id AS "journalId", kind, order_id AS "orderId", currency,
            to_char(occurred_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "occurredAt",
            to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS "recordedAt",
            cause_id AS "causedBy", memo,
            json_agg(json_build_object('account', account, 'amount', amount::text) ORDER BY line) AS lines
       FROM page JOIN journal_line USING (tenant, journal_id)
      GROUP BY document, number, journal_id, kind, order_id, currency, occurred_at, recorded_at, cause_id, memo
      ORDER BY document, number`,
    [tenant, orderId ?? null, after ?? null, limit],
  );
}
