import type { Cell } from '@instep/department';
import type { EntitySchema } from 'typeorm';

import { quoteName } from '../connection.ts';

/** A column as the statements of the hot path need to know it. */
export interface ColumnShape {
  readonly property: string;
  /** Quoted. */
  readonly column: string;
  /** From text, `::numeric`; empty for text. Without length or scale: the column itself refuses or rounds, a cast would cut in silence. */
  readonly cast: string;
  /** The column as text, given the alias of the table. */
  readonly text: (alias: string) => string;
  readonly cell: (text: string) => Cell;
}

export interface TableShape {
  readonly name: string;
  /** Quoted. */
  readonly table: string;
  /** All but `row_version`. */
  readonly columns: readonly ColumnShape[];
  /** Columns of the primary key in the order of the entity schema, which must be the order of `Table.key`. */
  readonly key: readonly ColumnShape[];
  /** Whether it is the table of a view: it then has the column `row_version`. */
  readonly versioned: boolean;
}

/** The property that the entity schemas of views declare for the column `row_version`. */
const ROW_VERSION = 'rowVersion';

/** Throws when a column has a type that a cell cannot carry. */
export function tableShape({ options }: EntitySchema<object>): TableShape {
  const name = options.tableName ?? options.name;
  const declared = Object.entries(options.columns as Readonly<Record<string, ColumnOptions | undefined>>).flatMap(([property, column]) =>
    column === undefined || property === ROW_VERSION ? [] : [{ property, column }],
  );
  const columns = declared.map(({ property, column }) => ({
    shape: columnShape(name, property, column),
    primary: column.primary === true,
  }));
  const key = columns.flatMap(({ shape, primary }) => (primary ? [shape] : []));
  if (key.length === 0) throw new Error(`the entity schema of ${name} has no primary key`);
  const versioned = ROW_VERSION in options.columns;
  if (versioned) refuseLikeKeys(name, options.indices ?? [], declared.find(({ column }) => column.primary === true)?.property);
  return { name, table: quoteName(name), columns: columns.map(({ shape }) => shape), key, versioned };
}

/**
 * Rows of a view are loaded by their key with a plan that is made once, perhaps before the table has any statistics. Another index that
 * begins as the key does then looks as good as the key, and reads every row of the tenant for each one that is wanted
 * (seen: ten times the CPU of the database at 9,000 rows).
 */
function refuseLikeKeys(table: string, indices: readonly IndexOptions[], first: string | undefined): void {
  for (const { name, columns } of indices) {
    if (Array.isArray(columns) && columns[0] === first) {
      throw new Error(`index ${name ?? ''} of ${table} begins with "${String(first)}", as the key does: put that column last`);
    }
  }
}

interface IndexOptions {
  readonly name?: string;
  readonly columns?: unknown;
}

interface ColumnOptions {
  readonly type: unknown;
  readonly name?: string;
  readonly primary?: boolean;
  readonly array?: boolean;
}

function columnShape(table: string, property: string, options: ColumnOptions): ColumnShape {
  const type = typeName(options.type);
  const kind = options.array === true ? undefined : kinds.find(({ types }) => types.has(type));
  if (!kind) throw new Error(`column ${table}.${property}: a row cannot carry values of type ${type}${options.array === true ? '[]' : ''}`);
  const column = quoteName(options.name ?? property);
  return {
    property,
    column,
    cast: kind.cast ? `::${type}` : '',
    text: (alias) => kind.text?.(`${alias}.${column}`) ?? `${alias}.${column}::text`,
    cell: kind.cell,
  };
}

function typeName(type: unknown): string {
  if (type === String) return 'text';
  if (type === Number) return 'integer';
  if (type === Boolean) return 'boolean';
  return String(type);
}

interface Kind {
  readonly types: ReadonlySet<string>;
  readonly cast: boolean;
  readonly cell: (text: string) => Cell;
  readonly text?: (column: string) => string;
}

const asItIs = (text: string): Cell => text;

const kinds: readonly Kind[] = [
  { types: new Set(['text', 'varchar', 'character varying']), cast: false, cell: asItIs },
  /** Exact numbers and what else has a text form that comes back as it went. */
  {
    types: new Set([
      'numeric',
      'decimal',
      'bigint',
      'int8',
      'uuid',
      'date',
      'time',
      'json',
      'jsonb',
      'char',
      'character',
      'citext',
      'interval',
    ]),
    cast: true,
    cell: asItIs,
  },
  {
    types: new Set(['integer', 'int', 'int4', 'smallint', 'int2', 'real', 'float', 'float4', 'float8', 'double precision']),
    cast: true,
    cell: Number,
  },
  { types: new Set(['boolean', 'bool']), cast: true, cell: (text) => text === 'true' },
  /** ISO 8601 in UTC with milliseconds, whatever the time zone of the session is. */
  {
    types: new Set(['timestamptz', 'timestamp with time zone']),
    cast: true,
    cell: asItIs,
    text: (column) => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
  },
];
