import { setTimeout as pause } from 'node:timers/promises';

import type pg from 'pg';

import { quoteName, type ConnectionSettings } from '../connection.ts';
import { faultOf } from '../faults.ts';
import { told } from '../store/session.ts';
import { withClient } from '../with-client.ts';

/** Comes first where the query side looks for tables: what is switched to is there under the name of the table. */
export const readingSchema = 'reading';

/** Which version of a view the query side reads. Without a route it reads the tables of the service itself, version 1. */
export interface ViewRoute {
  /** Name of the table. */
  readonly view: string;
  readonly version: number;
  /** Where the table of this version is. */
  readonly schema: string;
  /** ISO 8601. */
  readonly switchedAt: string;
}

/** That which the service keeps itself. */
export const OWN_VERSION = 1;

/** Any number that no other advisory lock of the project uses. */
const SWITCH_LOCK = 7_301_004;

/** As long may a switch wait for who reads the view, and so hold up others who come: then it lets them pass, and tries again. */
const LONGEST_WAIT_MS = 200;
const PAUSE_MS = 300;
const PATIENCE_MS = 30_000;

/** Taken by another session for longer than was waited. */
const LOCKED = '55P03';

/** Somebody reads the view in a transaction that does not end. Nothing was switched. */
export class ViewInUse extends Error {
  readonly code = 'rebuild/view-in-use';
  readonly transient = true;
}

const create = `
  CREATE SCHEMA IF NOT EXISTS ${readingSchema};
  CREATE TABLE IF NOT EXISTS ${readingSchema}.view_route (
    view text PRIMARY KEY,
    version integer NOT NULL,
    schema_name text NOT NULL,
    switched_at timestamptz NOT NULL DEFAULT now()
  )`;

/** The schema in which a version of a view is built. */
export function schemaOfView(view: string, version: number): string {
  return `view_${view}_v${String(version)}`;
}

/** Every view that was switched at some time, by name. One whose version was dropped since is read as the service keeps it, and not among them. */
export async function routes(connection: ConnectionSettings): Promise<readonly ViewRoute[]> {
  return await withClient(connection, async (client) => {
    const { rows: there } = await told(
      client.query<{ there: boolean }>(`SELECT to_regclass('${readingSchema}.view_route') IS NOT NULL AS there`),
    );
    if (there[0]?.there !== true) return [];
    const { rows } = await told(
      client.query<ViewRoute>(
        `SELECT view, version, schema_name AS schema, to_char(switched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "switchedAt"
         FROM ${readingSchema}.view_route
         WHERE version = $1 OR to_regclass(format('%I.%I', $2::text, view)) IS NOT NULL ORDER BY view`,
        [OWN_VERSION, readingSchema],
      ),
    );
    return rows;
  });
}

export async function routeOf(connection: ConnectionSettings, view: string): Promise<ViewRoute | undefined> {
  return (await routes(connection)).find((route) => route.view === view);
}

export interface Patience {
  /** How long is waited for who reads the view in a long transaction; 30 s when absent. */
  readonly patienceMs?: number;
}

/**
 * From now on the query side reads this version: one row changes, and in the same transaction the view of that name is pointed to the table.
 * A query sees all of the one version or all of the other; one that comes in between waits for the moment. Rejects with `ViewInUse` when
 * somebody reads the view for longer than it has patience.
 */
export async function switchView(
  connection: ConnectionSettings,
  route: Omit<ViewRoute, 'switchedAt'>,
  { patienceMs = PATIENCE_MS }: Patience = {},
): Promise<void> {
  await withClient(connection, async (client) => {
    for (const deadline = Date.now() + patienceMs; !(await tryToSwitch(client, route));) {
      if (Date.now() > deadline)
        throw new ViewInUse(
          `Somebody has been reading ${route.view} in a transaction for more than ${String(Math.round(patienceMs / 1000))} s: let it end (pg_stat_activity names it), then switch again. Nothing was switched.`,
        );
      await pause(PAUSE_MS);
    }
  });
}

/** Whether it was switched: not while somebody reads the view and goes on to do so. */
async function tryToSwitch(client: pg.Client, { view, version, schema }: Omit<ViewRoute, 'switchedAt'>): Promise<boolean> {
  try {
    await client.query('BEGIN');
    await client.query(`SET LOCAL lock_timeout = ${String(LONGEST_WAIT_MS)}`);
    await client.query('SELECT pg_advisory_xact_lock($1)', [SWITCH_LOCK]);
    await client.query(create);
    await client.query(
      `INSERT INTO ${readingSchema}.view_route AS route (view, version, schema_name) VALUES ($1, $2, $3)
       ON CONFLICT (view) DO UPDATE SET version = excluded.version, schema_name = excluded.schema_name, switched_at = now()`,
      [view, version, schema],
    );
    const name = `${readingSchema}.${quoteName(view)}`;
    // Two versions may have different columns, which a view that is only replaced may not.
    await client.query(`DROP VIEW IF EXISTS ${name}`);
    // The service's own tables are read by their name: a rebuild may put others in their place.
    if (version > OWN_VERSION) await client.query(`CREATE VIEW ${name} AS SELECT * FROM ${quoteName(schema)}.${quoteName(view)}`);
    await client.query('COMMIT');
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== LOCKED) throw faultOf(error);
    await told(client.query('ROLLBACK'));
    return false;
  }
}
