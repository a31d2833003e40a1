import type { ServiceName } from '@instep/contracts';
import type { TopicPartition } from '@instep/event-log';
import type { NumberCounter } from '@instep/history';
import { postgresStore } from '@instep/postgres';
import pg from 'pg';

const CONNECT_MS = 3_000;

/** The last number that the database of a service gave out, per partition that it writes. Rejects when the database does not answer. */
export async function countersIn(service: ServiceName, url: string): Promise<readonly NumberCounter[]> {
  const store = postgresStore({ url, service, tables: [] });
  try {
    const { ledger } = await store.inspect();
    const inFlight = await stillThere(
      url,
      ledger.inFlight.map(({ id }) => id),
    );
    return ledger.counters.map(({ topic, partition, n }) => ({ topic, partition, n, inFlight }));
  } finally {
    await store.close();
  }
}

/** What was given out and is gone from the outbox was acknowledged. */
async function stillThere(url: string, ids: readonly number[]): Promise<number> {
  if (ids.length === 0) return 0;
  const [row] = await rowsOf<{ count: number }>(url, 'SELECT count(*)::int AS count FROM outbox WHERE id = ANY($1::bigint[])', [ids]);
  return row?.count ?? 0;
}

/** How far a service has applied each partition, as its database knows. */
export async function positionsIn(url: string): Promise<readonly (TopicPartition & { readonly nextOffset: number })[]> {
  const rows = await rowsOf<{ topic: string; partition: number; next_offset: string }>(
    url,
    'SELECT topic, partition, next_offset FROM position ORDER BY topic, partition',
  );
  return rows.map(({ topic, partition, next_offset: nextOffset }) => ({ topic, partition, nextOffset: Number(nextOffset) }));
}

async function rowsOf<Row extends pg.QueryResultRow>(url: string, sql: string, values: readonly unknown[] = []): Promise<readonly Row[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS, statement_timeout: CONNECT_MS });
  await client.connect();
  try {
    return (await client.query<Row>(sql, [...values])).rows;
  } finally {
    await client.end();
  }
}
