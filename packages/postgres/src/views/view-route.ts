import { quoteName, type ConnectionSettings } from '../connection.ts';
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

/** Every view that was switched at some time, by name. */
export async function routes(connection: ConnectionSettings): Promise<readonly ViewRoute[]> {
  return await withClient(connection, async (client) => {
    const { rows: there } = await told(
      client.query<{ there: boolean }>(`SELECT to_regclass('${readingSchema}.view_route') IS NOT NULL AS there`),
    );
    if (there[0]?.there !== true) return [];
    const { rows } = await told(
      client.query<ViewRoute>(
        `SELECT view, version, schema_name AS schema, to_char(switched_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS "switchedAt"
         FROM ${readingSchema}.view_route ORDER BY view`,
      ),
    );
    return rows;
  });
}

export async function routeOf(connection: ConnectionSettings, view: string): Promise<ViewRoute | undefined> {
  return (await routes(connection)).find((route) => route.view === view);
}

/**
 * From now on the query side reads this version: one row changes, and in the same transaction the view of that name is pointed to the table.
 * A query sees all of the one version or all of the other; one that comes in between waits for the moment.
 */
export async function switchView(connection: ConnectionSettings, { view, version, schema }: Omit<ViewRoute, 'switchedAt'>): Promise<void> {
  await withClient(connection, async (client) => {
    await told(client.query(create));
    await told(client.query('BEGIN'));
    await told(
      client.query(
        `INSERT INTO ${readingSchema}.view_route AS route (view, version, schema_name) VALUES ($1, $2, $3)
         ON CONFLICT (view) DO UPDATE SET version = excluded.version, schema_name = excluded.schema_name, switched_at = now()`,
        [view, version, schema],
      ),
    );
    const name = `${readingSchema}.${quoteName(view)}`;
    // Two versions may have different columns, which a view that is only replaced may not.
    await told(client.query(`DROP VIEW IF EXISTS ${name}`));
    // The service's own tables are read by their name: a rebuild may put others in their place.
    if (version > OWN_VERSION) await told(client.query(`CREATE VIEW ${name} AS SELECT * FROM ${quoteName(schema)}.${quoteName(view)}`));
    await told(client.query('COMMIT'));
  });
}
