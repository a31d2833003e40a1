import pg from 'pg';

/** How to reach a department's own database. */
export interface ConnectionSettings {
  /** `postgres://user:password@host:port/database`. */
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly service: string;
  /** Where the tables are. `public` when absent; a rebuild writes into a fresh one beside it. */
  readonly schema?: string;
  /** 5 when absent: one for each partition worked on at once, and some for requests. More only makes the database slower. */
  readonly maxConnections?: number;
}

/**
 * All below the 6 s after which the log gives a silent consumer's partitions to another: a process that was frozen in the middle of a
 * commit must not hold rows against its successor. The client gives up after the server did, for a server that cannot answer at all.
 */
const STATEMENT_TIMEOUT_MS = 4_000;
const LOCK_TIMEOUT_MS = 2_000;
const ANSWER_TIMEOUT_MS = 5_000;
const CONNECT_TIMEOUT_MS = 3_000;

/**
 * The statements of the hot path are few and all go by primary key, for arrays of keys. Planned once for any array, and kept from
 * scanning: a plan that was made while a table was empty would otherwise read the whole table long after it grew.
 */
const PLANNER = {
  plan_cache_mode: 'force_generic_plan',
  enable_seqscan: 'off',
  enable_hashjoin: 'off',
  enable_mergejoin: 'off',
  jit: 'off',
};

/** A dead peer is noticed within about 10 s, so that a lock of its session does not outlive it for long. */
const KEEP_ALIVE = { tcp_keepalives_idle: '4', tcp_keepalives_interval: '2', tcp_keepalives_count: '3' };

const PLAIN_NAME = /^[a-z_][a-z0-9_]*$/u;

/** Settings for a connection of the hot path. Needs a session of its own: no pooler that shares sessions may sit in between. */
export function hotPathConfig(settings: ConnectionSettings): pg.ClientConfig {
  const session = {
    ...PLANNER,
    ...KEEP_ALIVE,
    statement_timeout: String(STATEMENT_TIMEOUT_MS),
    lock_timeout: String(LOCK_TIMEOUT_MS),
    idle_in_transaction_session_timeout: String(STATEMENT_TIMEOUT_MS),
  };
  return {
    ...basicConfig(settings, session),
    query_timeout: ANSWER_TIMEOUT_MS,
  };
}

/** Settings for work that may take its time: migrations, comparisons. Throws when the name of the schema is not a plain one. */
export function basicConfig({ url, service, schema }: ConnectionSettings, session: Readonly<Record<string, string>> = {}): pg.ClientConfig {
  if (schema !== undefined && !PLAIN_NAME.test(schema)) throw new Error(`not a plain name for a schema: ${schema}`);
  const address = new URL(url);
  const own = address.searchParams.get('options');
  address.searchParams.delete('options');
  const all = schema === undefined ? session : { ...session, search_path: schema };
  const options = Object.entries(all).map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\ ]/gu, '\\$&')}`);
  return {
    connectionString: address.href,
    application_name: `instep/${service}`,
    options: [...options, ...(own === null ? [] : [own])].join(' '),
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
  };
}

/** A pool for the hot path. Whoever opens it ends it. */
export function openPool(settings: ConnectionSettings): pg.Pool {
  const pool = new pg.Pool({ ...hotPathConfig(settings), max: settings.maxConnections ?? 5, idleTimeoutMillis: 60_000 });
  // An idle connection that the server closes is no fault of anybody: the next query opens another, or fails and says so. Nor is one that is
  // closed between being taken and being asked, of which the pool says nothing.
  pool.on('error', () => {});
  pool.on('connect', (client) => {
    client.on('error', () => {});
  });
  return pool;
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
