import type { RowWrite } from '../store.ts';
import type { Table } from '../table.ts';

/**
 * The tables that the suite writes. An adapter needs them with these types:
 * `sample_view`: tenant, item text (key), quantity integer, amount numeric, total bigint, note text or null, flag boolean, `row_version`;
 * `sample_state`: tenant, id text (key), status text, small smallint;
 * `sample_journal`: tenant, id text, line integer (key), account text, amount numeric.
 */
export const conformanceTables = [
  { name: 'sample_view', key: ['tenant', 'item'] },
  { name: 'sample_state', key: ['tenant', 'id'] },
  { name: 'sample_journal', key: ['tenant', 'id', 'line'] },
] as const satisfies readonly Table[];

/** What a database says about a `small` that is no smallint. For adapters that have no types of columns. */
export function refusedByConformance({ row }: RowWrite): string | undefined {
  const small = row['small'];
  return typeof small === 'number' && Math.abs(small) > 32_767 ? `${small} is out of range for a smallint` : undefined;
}
