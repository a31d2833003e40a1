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
    const inFlight = ledger.inFlight.length;
    return ledger.counters.map(({ topic, partition, n }) => ({ topic, partition, n, inFlight }));
  } finally {
    await store.close();
  }
}

/** How far a service has applied each partition, as its database knows. */
export async function positionsIn(url: string): Promise<readonly (TopicPartition & { readonly nextOffset: number })[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: CONNECT_MS, statement_timeout: CONNECT_MS });
  await client.connect();
  try {
    const { rows } = await client.query<{ topic: string; partition: number; next_offset: string }>(
      'SELECT topic, partition, next_offset FROM position ORDER BY topic, partition',
    );
    return rows.map(({ topic, partition, next_offset: nextOffset }) => ({ topic, partition, nextOffset: Number(nextOffset) }));
  } finally {
    await client.end();
  }
}
