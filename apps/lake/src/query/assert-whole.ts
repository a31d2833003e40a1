import type { DuckDBConnection } from '@duckdb/node-api';

import { LakeFault } from '../fault.ts';
import type { Question } from './write-answer.ts';

/**
 * Throws when a stream of rows, begun within a transaction, ended before its end. DuckDB's client gives no error then, only no more rows: a
 * part would be taken for the whole. But the transaction is aborted by what went wrong.
 */
export async function assertWhole(connection: DuckDBConnection, question: Pick<Question, 'sql' | 'values' | 'signal'>): Promise<void> {
  try {
    await connection.run('SELECT 1');
    return;
  } catch {
    await connection.run('ROLLBACK');
  }
  if (question.signal?.aborted) throw new LakeFault('lake/query-overran', 'The query was stopped.');
  await askAgain(connection, question);
  throw new LakeFault('lake/query-failed', 'The query failed after a part of its rows, and did not say why: ask again.');
}

/** What went wrong is said only to those who do not stream. This runs the statement to its end and keeps no row. */
async function askAgain(connection: DuckDBConnection, { sql, values }: Pick<Question, 'sql' | 'values'>): Promise<void> {
  const named = Object.keys(values).length > 0 ? { ...values } : undefined;
  await connection.run(`EXPLAIN ANALYZE ${sql}`, named);
}
