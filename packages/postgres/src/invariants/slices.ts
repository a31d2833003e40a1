import { quoteName } from '../connection.ts';
import type { Ask, WatchedRows } from './invariant.ts';

/** A query over a part of a table, so that it can be asked again. */
export interface Probe {
  /** What stands for the rows in the FROM of the invariant's query. */
  readonly rows: string;
  readonly values: readonly string[];
}

/** Where a walk through a table is. Empty: at its beginning. */
export interface Cursor {
  readonly tenant?: string;
  readonly key?: readonly string[];
}

export interface Slice extends Probe {
  /** Rows in it, about. */
  readonly count: number;
  /** Where to go on; undefined behind the last slice. */
  readonly next: Cursor | undefined;
}

/** The next rows of a table behind `cursor`, about `most` of them, of one tenant. Undefined when there are none. */
export async function nextSlice(ask: Ask, rows: WatchedRows, cursor: Cursor, most: number): Promise<Slice | undefined> {
  let at = cursor;
  for (;;) {
    const tenant = at.key === undefined ? await nextTenant(ask, rows, at.tenant) : at.tenant;
    if (tenant === undefined) return undefined;
    const slice = await sliceOf(ask, rows, tenant, at.key, most);
    if (slice) return slice;
    at = { tenant };
  }
}

/** The rows that are new or changed since a moment (ISO 8601). */
export function recentRows({ table, of = 'true', since = 'true' }: WatchedRows, moment: string): Probe {
  return { rows: `(SELECT * FROM ${quoteName(table)} WHERE (${of}) AND (${since}))`, values: [moment] };
}

async function nextTenant(ask: Ask, { table }: WatchedRows, after: string | undefined): Promise<string | undefined> {
  const behind = after === undefined ? '' : 'WHERE tenant > $1';
  const [row] = await ask(`SELECT min(tenant) AS tenant FROM ${quoteName(table)} ${behind}`, after === undefined ? [] : [after]);
  return row?.['tenant'] ?? undefined;
}

async function sliceOf(
  ask: Ask,
  { table, key, of = 'true' }: WatchedRows,
  tenant: string,
  after: readonly string[] | undefined,
  most: number,
): Promise<Slice | undefined> {
  const columns = key.map(quoteName).join(', ');
  const from = after === undefined ? '' : `AND (${columns}) > (${places(2, key.length)})`;
  const start = `FROM ${quoteName(table)} WHERE tenant = $1 AND (${of}) ${from}`;
  const values = [tenant, ...(after ?? [])];
  const [last] = await ask(
    `SELECT * FROM (SELECT ${columns}, row_number() OVER (ORDER BY ${columns}) AS row_number ${start} ORDER BY ${columns} LIMIT ${most}) part
      ORDER BY row_number DESC LIMIT 1`,
    values,
  );
  if (!last) return undefined;
  const count = Number(last['row_number']);
  if (count < most) return { rows: `(SELECT * ${start})`, values, count, next: { tenant } };
  const end = key.map((column) => last[column] ?? '');
  return {
    rows: `(SELECT * ${start} AND (${columns}) <= (${places(values.length + 1, key.length)}))`,
    values: [...values, ...end],
    count,
    next: { tenant, key: end },
  };
}

function places(first: number, count: number): string {
  return Array.from({ length: count }, (_, at) => `$${first + at}`).join(', ');
}
