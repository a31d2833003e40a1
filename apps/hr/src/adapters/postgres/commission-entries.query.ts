import type { DataSource } from 'typeorm';

import type { CommissionEntryRow } from '../../application/commission.projection.ts';

interface Asked {
  readonly tenant: string;
  readonly orderId?: string;
  readonly employeeId?: string;
  /** Order and entry after which to begin; empty at the start. */
  readonly after: readonly string[];
  readonly limit: number;
}

/** Changes of commission by order and entry, at most `limit`; of one order or employee when that is named. */
export async function findEntries(
  dataSource: DataSource,
  { tenant, orderId, employeeId, after, limit }: Asked,
): Promise<readonly CommissionEntryRow[]> {
  const [afterOrder = null, afterEntry = null] = after;
  return await dataSource.query(
    `SELECT tenant, order_id AS "orderId", entry, employee_id AS "employeeId", period, amount::text, total::text, base::text, rate::text, currency,
            occurred_at AS "occurredAt"
       FROM commission_entry
      WHERE tenant = $1 AND ($2::text IS NULL OR order_id = $2) AND ($3::text IS NULL OR employee_id = $3)
        AND ($4::text IS NULL OR (order_id, entry) > ($4::text, $5::integer))
      ORDER BY order_id, entry
      LIMIT $6`,
    [tenant, orderId ?? null, employeeId ?? null, afterOrder, afterEntry, limit],
  );
}
