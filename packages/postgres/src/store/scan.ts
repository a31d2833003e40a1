import type { StoredStream, StreamKey } from '@instep/department';
import type pg from 'pg';

import { runPooled, text, told } from './session.ts';

const SCAN = `
  SELECT tenant, stream, id, version, state FROM stream
   WHERE (tenant, stream, id) > ($1, $2, $3) ORDER BY tenant, stream, id LIMIT $4`;

/** Streams behind `after` in the order of the primary key. */
export async function scanStreams(pool: pg.Pool, after: StreamKey | undefined, limit: number): Promise<readonly StoredStream[]> {
  const { tenant, stream, id } = after ?? { tenant: '', stream: '', id: '' };
  const rows = await told(runPooled(pool, { name: 'scan-streams', text: SCAN }, [tenant, stream, id, limit]));
  return rows.map((row) => ({
    tenant: text(row, 0),
    stream: text(row, 1),
    id: text(row, 2),
    version: Number(text(row, 3)),
    state: JSON.parse(text(row, 4)) as unknown,
  }));
}
