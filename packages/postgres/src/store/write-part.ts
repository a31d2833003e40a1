import { textArray } from './binary-array.ts';

/** One data-modifying CTE of a commit. */
export interface Part {
  /** Same shape, same SQL. */
  readonly shape: string;
  readonly sql: (param: () => string) => string;
  readonly values: readonly (string | Buffer)[];
  /** How many rows it must change, or the unit is undone. */
  readonly expected?: number;
  /** What conflicted, in the message. */
  readonly says?: string;
}

/** `unnest($1::text[], $2::text[]) AS u(a, b)`. */
export function unnested(columns: readonly string[], param: () => string): string {
  return `unnest(${columns.map(() => `${param()}::text[]`).join(', ')}) AS u(${columns.join(', ')})`;
}

/** One text[] per column. */
export function columnsOf<T>(items: readonly T[], ...columns: readonly ((item: T) => string | null)[]): readonly Buffer[] {
  return columns.map((column) => textArray(items.map(column)));
}

/**
 * In the order of their keys, so that all units take locks in one order. Throws when two have the same key: a statement can write a row
 * once only, and a unit that names it twice says nothing that a database could keep.
 */
export function inKeyOrder<T>(items: readonly T[], what: string, keyOf: (item: T) => readonly string[]): readonly T[] {
  const keyed = items.map((item) => ({ item, key: keyOf(item).join('\0') }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0));
  for (const [index, { key }] of keyed.entries()) {
    if (index > 0 && keyed[index - 1]?.key === key) throw new Error(`a unit of work names ${what} ${key.replaceAll('\0', '/')} twice`);
  }
  return keyed.map(({ item }) => item);
}
