import type pg from 'pg';
import type { EntitySchema } from 'typeorm';

import { quoteName, type ConnectionSettings } from '../connection.ts';
import { comparedTable } from '../rebuild/compared-table.ts';
import { compareTable, inOneSnapshot, type TableComparison } from '../rebuild/compare-schemas.ts';
import { told } from '../store/session.ts';
import { tableShape } from '../store/table-shape.ts';

/** What two versions of a view say of one tenant. */
export interface TenantSum {
  readonly tenant: string;
  /** `rows`, or a column of numbers. */
  readonly of: string;
  readonly live: string | null;
  readonly built: string | null;
}

export interface ViewComparison {
  /** Row by row, over the columns that are compared. */
  readonly table: TableComparison;
  /** Those sums that differ. */
  readonly sums: readonly TenantSum[];
  /** By their names in the database: compared, and not, because only one version has them or somebody said so. */
  readonly columns: readonly string[];
  readonly left: readonly string[];
  readonly equal: boolean;
}

export interface ComparedView {
  /** Of the version that was built. */
  readonly entity: EntitySchema<object>;
  readonly liveSchema: string;
  readonly builtSchema: string;
  /** Properties that may differ: what the new version is made for. */
  readonly except: readonly string[];
}

/**
 * Compares two versions of a view: rows and sums of numbers by tenant, and a hash of every row over the columns that both have. Both must have
 * read equally far.
 */
export async function compareView(
  connection: ConnectionSettings,
  { entity, liveSchema, builtSchema, except }: ComparedView,
): Promise<ViewComparison> {
  const shape = tableShape(entity);
  // Sums of a moment later would differ from rows of a moment before, as long as somebody writes.
  return await inOneSnapshot(connection, async (client) => {
    const there = await columnsOf(client, liveSchema, shape.name);
    const own = shape.columns.map(({ property, column }) => ({ property, name: column.slice(1, -1) }));
    const left = own.filter(({ property, name }) => except.includes(property) || except.includes(name) || !there.has(name));
    const compared = own.filter((column) => !left.includes(column));
    const rows = comparedTable(entity, { except: left.map(({ property }) => property) });
    const table = await compareTable(client, rows, liveSchema, builtSchema);
    const numbers = compared.filter(({ name }) => there.get(name) === 'numeric').map(({ name }) => name);
    const sums = await differingSums(client, shape.name, liveSchema, builtSchema, numbers);
    const onlyLive = [...there.keys()].filter((name) => name !== 'row_version' && !own.some((column) => column.name === name));
    return {
      ...{ table, sums, columns: compared.map(({ name }) => name), left: [...left.map(({ name }) => name), ...onlyLive] },
      equal: table.different === 0 && sums.length === 0,
    };
  });
}

async function columnsOf(client: pg.Client, schema: string, table: string): Promise<ReadonlyMap<string, string>> {
  const { rows } = await told(
    client.query<{ name: string; type: string }>(
      'SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema = $1 AND table_name = $2',
      [schema, table],
    ),
  );
  return new Map(rows.map(({ name, type }) => [name, type]));
}

async function differingSums(
  client: pg.Client,
  table: string,
  live: string,
  built: string,
  numbers: readonly string[],
): Promise<readonly TenantSum[]> {
  const sums = (schema: string): string => {
    const from = `${quoteName(schema)}.${quoteName(table)}`;
    const counted = `SELECT tenant, 'rows' AS of, count(*)::numeric AS total FROM ${from} GROUP BY tenant`;
    const summed = numbers.map((name) => `SELECT tenant, '${name}', sum(${quoteName(name)}) FROM ${from} GROUP BY tenant`);
    return [counted, ...summed].join(' UNION ALL ');
  };
  const { rows } = await told(
    client.query<TenantSum>(
      `SELECT tenant, of, trim_scale(a.total)::text AS live, trim_scale(b.total)::text AS built
       FROM (${sums(live)}) a FULL JOIN (${sums(built)}) b USING (tenant, of) WHERE a.total IS DISTINCT FROM b.total ORDER BY tenant, of LIMIT 20`,
    ),
  );
  return rows;
}
