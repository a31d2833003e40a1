import type pg from 'pg';

import { type ConnectionSettings, quoteName } from '../connection.ts';
import { told } from '../store/session.ts';
import { connected } from '../with-client.ts';

/** Any number that no other advisory lock of the project uses; the second half of the lock is the name of a schema. */
const BUILDING_LOCK = 7_301_003;

/** Schemas that are built beside the live one are called so, and then by time. The ones that a switch put aside end otherwise. */
const PREFIX = 'rebuild_';
export const FORMER_SUFFIX = '_former';

export interface BuildingSite {
  /** Of the schema to build in. Not there yet: `migrate` makes it. */
  readonly schema: string;
  /** Drops what was built, unless it was switched to. Safe to call twice. */
  clear(): Promise<void>;
}

/**
 * A place to build a database beside the live one. Whoever is cut off in the middle leaves a schema behind, but not the lock on its name: the
 * next builder drops what nobody holds. `name` tells this builder from others, such as a time.
 */
export async function openBuildingSite(connection: ConnectionSettings, name: string): Promise<BuildingSite> {
  const schema = PREFIX + name;
  const client = await builder(connection);
  try {
    await dropAbandoned(client);
    if (!(await locked(client, schema))) throw new Error(`another process builds in the schema ${schema}`);
  } catch (error) {
    await client.end();
    throw error;
  }
  let cleared: Promise<void> | undefined;
  const clear = async (): Promise<void> => {
    try {
      await told(client.query(`DROP SCHEMA IF EXISTS ${quoteName(schema)} CASCADE`));
    } finally {
      await client.end();
    }
  };
  return { schema, clear: () => (cleared ??= clear()) };
}

/**
 * Does the work while no other process of the service does such work on this schema. As long as it is not its turn it calls `wait`, which may
 * reject to give up.
 */
export async function inTurn<Result>(
  connection: ConnectionSettings,
  schema: string,
  work: () => Promise<Result>,
  wait: () => Promise<void>,
): Promise<Result> {
  const client = await builder(connection);
  try {
    while (!(await locked(client, schema))) await wait();
    return await work();
  } finally {
    await client.end();
  }
}

async function dropAbandoned(client: pg.Client): Promise<void> {
  const { rows } = await told(
    client.query<{ schema: string }>(
      `SELECT nspname AS schema FROM pg_namespace WHERE starts_with(nspname, $1) AND NOT nspname LIKE '%' || $2`,
      [PREFIX, FORMER_SUFFIX],
    ),
  );
  for (const { schema } of rows) {
    if (!(await locked(client, schema))) continue;
    await told(client.query(`DROP SCHEMA IF EXISTS ${quoteName(schema)} CASCADE`));
    await told(client.query('SELECT pg_advisory_unlock($1, hashtext($2))', [BUILDING_LOCK, schema]));
  }
}

async function locked(client: pg.Client, schema: string): Promise<boolean> {
  const { rows } = await told(
    client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1, hashtext($2)) AS locked', [BUILDING_LOCK, schema]),
  );
  return rows[0]?.locked === true;
}

/** Under a name of its own: a switch ends the sessions that work on the live tables, and not this one. */
function builder({ service, ...connection }: ConnectionSettings): Promise<pg.Client> {
  return connected({ ...connection, service: `${service} rebuild` });
}
