import type pg from 'pg';

import { quoteName, type ConnectionSettings } from '../connection.ts';
import { told } from '../store/session.ts';
import { withClient } from '../with-client.ts';
import { type ComparedTable, hashedRows } from './compared-table.ts';

export interface TableComparison {
  readonly table: string;
  readonly live: TableSum;
  readonly rebuilt: TableSum;
  /** Rows that are in one schema only or say something else. */
  readonly different: number;
  /** Up to five of them, by key. */
  readonly examples: readonly { readonly key: readonly string[]; readonly found: 'differs' | 'only live' | 'only rebuilt' }[];
}

export interface SchemaComparison {
  readonly tables: readonly TableComparison[];
  /** Events that the live service has recorded and not yet sent: a rebuild from the log cannot know them. */
  readonly unsent: number;
}

export interface TableSum {
  readonly rows: number;
  /** Over all rows in the order of their keys. */
  readonly hash: string;
}

const EXAMPLES = 5;

/**
 * Compares two schemas of one database row by row, as they stand at one moment. Both must be at the same positions, or the newer one
 * differs for that reason alone: the table `position` says so. Reads every row; takes seconds for a million.
 */
export async function compareSchemas(
  connection: ConnectionSettings,
  liveSchema: string,
  rebuiltSchema: string,
  tables: readonly ComparedTable[],
): Promise<SchemaComparison> {
  return await inOneSnapshot(connection, async (client) => {
    const comparisons: TableComparison[] = [];
    for (const table of tables) comparisons.push(await compareTable(client, table, liveSchema, rebuiltSchema));
    const { rows } = await told(client.query<{ unsent: string }>(`SELECT count(*) AS unsent FROM ${quoteName(liveSchema)}.outbox`));
    return { tables: comparisons, unsent: Number(rows[0]?.unsent ?? 0) };
  });
}

/** All that is asked sees the database as it stands at the first question, whoever writes meanwhile. */
export async function inOneSnapshot<Result>(connection: ConnectionSettings, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  return await withClient(
    connection,
    async (client) => {
      await told(client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'));
      return await work(client);
    },
    { jit: 'off', work_mem: '64MB' },
  );
}

export async function compareTable(
  client: pg.Client,
  table: ComparedTable,
  liveSchema: string,
  rebuiltSchema: string,
): Promise<TableComparison> {
  const [live, rebuilt] = [hashedRows(table, liveSchema, liveSchema), hashedRows(table, rebuiltSchema, liveSchema)];
  const sums = { live: await sumOf(client, table, live), rebuilt: await sumOf(client, table, rebuilt) };
  if (sums.live.hash === sums.rebuilt.hash) return { table: table.name, ...sums, different: 0, examples: [] };
  const { rows } = await told(
    client.query<{ different: string; key: string[]; found: TableComparison['examples'][number]['found'] }>(
      `SELECT count(*) OVER () AS different, ARRAY[${table.key.map((column) => `${column}::text`).join(', ')}] AS key,
         CASE WHEN a.h IS NULL THEN 'only rebuilt' WHEN b.h IS NULL THEN 'only live' ELSE 'differs' END AS found
       FROM (${live}) a FULL JOIN (${rebuilt}) b USING (${table.key.join(', ')})
       WHERE a.h IS DISTINCT FROM b.h ORDER BY ${table.key.join(', ')} LIMIT ${EXAMPLES}`,
    ),
  );
  const examples = rows.map(({ key, found }) => ({ key, found }));
  return { table: table.name, ...sums, different: Number(rows[0]?.different ?? 0), examples };
}

async function sumOf(client: pg.Client, { key }: ComparedTable, rows: string): Promise<TableSum> {
  const { rows: sums } = await told(
    client.query<{ rows: string; hash: string }>(
      `SELECT count(*) AS rows, md5(coalesce(string_agg(h, '' ORDER BY ${key.join(', ')}), '')) AS hash FROM (${rows}) hashed`,
    ),
  );
  return { rows: Number(sums[0]?.rows ?? 0), hash: sums[0]?.hash ?? '' };
}
