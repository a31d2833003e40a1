import type { Socket } from 'node:net';

import pg from 'pg';

import { basicConfig, type ConnectionSettings } from '../connection.ts';
import type { Ask } from './invariant.ts';

/** Any number that no other advisory lock of the project uses; the second half of the lock is the schema. */
const WATCH_LOCK = 7_301_003;

/** Reads only, gives up soon, takes one core at most. */
const SESSION = {
  default_transaction_read_only: 'on',
  statement_timeout: '30000',
  lock_timeout: '2000',
  idle_in_transaction_session_timeout: '5000',
  max_parallel_workers_per_gather: '0',
  jit: 'off',
  tcp_keepalives_idle: '4',
  tcp_keepalives_interval: '2',
  tcp_keepalives_count: '3',
};
const ANSWER_TIMEOUT_MS = 35_000;
const GOODBYE_MS = 500;

export interface WatchSession {
  readonly ask: Ask;
  readonly alive: () => boolean;
  /** Cuts a query under way. */
  end(): Promise<void>;
}

/** A connection of its own that holds the lock of the watch. Undefined while another replica has it. Rejects with the driver's own error. */
export async function watchSession(settings: ConnectionSettings): Promise<WatchSession | undefined> {
  const client = new pg.Client({ ...basicConfig(settings, SESSION), query_timeout: ANSWER_TIMEOUT_MS });
  let alive = true;
  const lost = (): void => void (alive = false);
  client.on('error', lost);
  client.on('end', lost);
  const ask: Ask = async (sql, values = []) => {
    const { rows } = await client.query<Record<string, string | null>>({ text: sql, values: [...values], types: asText });
    return rows;
  };
  const end = async (): Promise<void> => {
    lost();
    // A server that does not answer does not say good-bye either.
    const late = setTimeout(() => streamOf(client)?.destroy(), GOODBYE_MS);
    await client.end().catch(() => {});
    clearTimeout(late);
  };
  try {
    await client.connect();
    // A query whose caller is gone would hold the lock until it ends. Servers that cannot look for that refuse the setting.
    await ask(`SET client_connection_check_interval = '500ms'`).catch(() => []);
    const [row] = await ask(`SELECT pg_try_advisory_lock(${WATCH_LOCK}, hashtext(current_schema())) AS held`);
    if (row?.['held'] === 't') return { ask, alive: () => alive, end };
  } catch (error) {
    await end();
    throw error;
  }
  await end();
  return undefined;
}

function streamOf(client: pg.Client): Socket | undefined {
  return (client as unknown as { readonly connection?: { readonly stream?: Socket } }).connection?.stream;
}

const asText = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;
