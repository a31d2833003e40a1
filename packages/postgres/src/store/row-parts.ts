import type { Row, RowWrite } from '@instep/department';

import { cellText } from './cells.ts';
import type { ColumnShape, TableShape } from './table-shape.ts';
import { columnsOf, inKeyOrder, type Part, unnested } from './write-part.ts';

type ViewWrite = Extract<RowWrite, { kind: 'view' }>;

/** Rows of a view: compare-and-set on `row_version`, new ones start at 1. */
export function viewParts(table: TableShape, writes: readonly ViewWrite[]): readonly Part[] {
  if (writes.length === 0) return [];
  if (!table.versioned) throw new Error(`the entity schema of the view ${table.name} has no property rowVersion`);
  const ordered = inKeyOrder(writes, `row of ${table.name}`, ({ row }) => keyOf(table, row));
  const known = ordered.filter(({ loadedVersion }) => loadedVersion > 0);
  const fresh = ordered.filter(({ loadedVersion }) => loadedVersion === 0);
  const rest = withoutKey(table);
  const update: Part = {
    shape: `view ${table.name}`,
    sql: (param) =>
      `UPDATE ${table.table} t SET ${[...rest.map((column) => `${column.column} = ${valueOf(table, column)}`), 'row_version = t.row_version + 1'].join(', ')}` +
      ` FROM ${unnested([...namesOf(table), 'was'], param)}` +
      ` WHERE ${table.key.map((column) => `t.${column.column} = ${valueOf(table, column)}`).join(' AND ')} AND t.row_version = u.was::int`,
    values: [
      ...cellsOf(
        table,
        known.map(({ row }) => row),
      ),
      ...columnsOf(known, ({ loadedVersion }) => String(loadedVersion)),
    ],
    expected: known.length,
    says: table.name.replaceAll("'", ''),
  };
  const insert: Part = {
    shape: `view+ ${table.name}`,
    sql: (param) => insertSql(table, param, { row_version: '1' }),
    values: cellsOf(
      table,
      fresh.map(({ row }) => row),
    ),
  };
  return [...(known.length > 0 ? [update] : []), ...(fresh.length > 0 ? [insert] : [])];
}

/** Rows of a state table: the stream's version guards them, so the newest simply replaces. */
export function stateParts(table: TableShape, rows: readonly Row[]): readonly Part[] {
  if (rows.length === 0) return [];
  const ordered = inKeyOrder(rows, `row of ${table.name}`, (row) => keyOf(table, row));
  const set = withoutKey(table).map(({ column }) => `${column} = EXCLUDED.${column}`);
  const key = table.key.map(({ column }) => column).join(', ');
  return [
    {
      shape: `state ${table.name}`,
      sql: (param) => `${insertSql(table, param)} ON CONFLICT (${key}) DO ${set.length > 0 ? `UPDATE SET ${set.join(', ')}` : 'NOTHING'}`,
      values: cellsOf(table, ordered),
    },
  ];
}

/** Rows of a journal: added. One that is there already violates the primary key. */
export function journalPart(table: TableShape, rows: readonly Row[]): readonly Part[] {
  if (rows.length === 0) return [];
  const ordered = inKeyOrder(rows, `row of ${table.name}`, (row) => keyOf(table, row));
  return [{ shape: `journal+ ${table.name}`, sql: (param) => insertSql(table, param), values: cellsOf(table, ordered) }];
}

function insertSql(table: TableShape, param: () => string, constants: Readonly<Record<string, string>> = {}): string {
  const columns = [...table.columns.map(({ column }) => column), ...Object.keys(constants)];
  const values = [...table.columns.map((column) => valueOf(table, column)), ...Object.values(constants)];
  return `INSERT INTO ${table.table} (${columns.join(', ')}) SELECT ${values.join(', ')} FROM ${unnested(namesOf(table), param)}`;
}

function namesOf(table: TableShape): readonly string[] {
  return table.columns.map((_, n) => `c${n}`);
}

function valueOf(table: TableShape, column: ColumnShape): string {
  return `u.c${table.columns.indexOf(column)}${column.cast}`;
}

function cellsOf(table: TableShape, rows: readonly Row[]): readonly Buffer[] {
  return columnsOf(
    rows,
    ...table.columns.map(
      ({ property }) =>
        (row: Row) =>
          cellText(row[property]),
    ),
  );
}

function withoutKey(table: TableShape): readonly ColumnShape[] {
  return table.columns.filter((column) => !table.key.includes(column));
}

function keyOf(table: TableShape, row: Row): readonly string[] {
  return table.key.map(({ property }) => cellText(row[property]) ?? '');
}
