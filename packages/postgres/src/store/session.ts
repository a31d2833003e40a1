import type pg from 'pg';

import { faultOf } from '../faults.ts';
import type { Statement } from './statements.ts';

/** A row of a result: every value as the text that PostgreSQL wrote, so that numbers lose nothing. */
export type RawRow = readonly (string | null)[];

type Value = string | number | Buffer;

const rawText = { getTypeParser: () => (text: string) => text } as unknown as pg.CustomTypesConfig;

/** Runs one statement in one round trip. Rejects with the driver's own error. */
export async function run(client: pg.ClientBase, statement: Statement, values: readonly Value[]): Promise<readonly RawRow[]> {
  const { rows } = await client.query<(string | null)[]>({ ...statement, values: [...values], rowMode: 'array', types: rawText });
  return rows;
}

/**
 * The same on a connection of the pool. A connection whose statement failed for any reason but an answer about the data is thrown away:
 * what it is in the middle of is unknown, or its plans are from before a migration. Rejects with the driver's own error, or with that of
 * `before`, which looks at the connection first.
 */
export async function runPooled(
  pool: pg.Pool,
  statement: Statement,
  values: readonly Value[],
  before?: (client: pg.PoolClient) => Promise<void>,
): Promise<readonly RawRow[]> {
  const client = await pool.connect();
  try {
    await before?.(client);
    const rows = await run(client, statement, values);
    client.release();
    return rows;
  } catch (error) {
    client.release(keepsConnection(error) ? undefined : true);
    throw error;
  }
}

/** Any work with errors told as the port tells them. */
export async function told<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw faultOf(error);
  }
}

function keepsConnection(error: unknown): boolean {
  const { code } = faultOf(error) as { readonly code?: unknown };
  return code === 'store/conflict' || code === 'store/row-rejected' || code === 'store/replaced';
}

/** The value of a column that is never null. */
export function text(row: RawRow, column: number): string {
  const value = row[column];
  if (value === null || value === undefined) throw new Error(`column ${column} of a result is empty`);
  return value;
}
