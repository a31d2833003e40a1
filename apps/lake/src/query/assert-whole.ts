import type { DuckDBConnection } from '@duckdb/node-api';

import { LakeFault } from '../fault.ts';

export interface Statement {
  readonly sql: string;
  /** For `$name` in the text. */
  readonly values: Readonly<Record<string, string>>;
  /** Aborted when the query was interrupted. */
  readonly signal?: AbortSignal;
}

/**
 * Throws when a stream of rows, begun within a transaction, ended before its end. DuckDB's client gives no error then, only no more rows: a
 * part would be taken for the whole. But the transaction is aborted by what went wrong.
 */
export async function assertWhole(connection: DuckDBConnection, statement: Statement): Promise<void> {
  try {
    await connection.run('SELECT 1');
    return;
  } catch {
    await connection.run('ROLLBACK');
  }
  if (statement.signal?.aborted) throw new LakeFault('lake/query-overran', 'The query was stopped.');
  await askAgain(connection, statement);
  throw new LakeFault('lake/query-failed', 'The query failed after a part of its rows, and did not say why: ask again.');
}

/** What went wrong is said only to those who do not stream. This runs the statement to its end and keeps no row. */
async function askAgain(connection: DuckDBConnection, { sql, values }: Statement): Promise<void> {
  const named = Object.keys(values).length > 0 ? { ...values } : undefined;
  await connection.run(`EXPLAIN ANALYZE ${sql}`, named);
}
