import type { EntitySchema } from 'typeorm';

import { quoteName } from '../connection.ts';
import { positionSchema, requestSchema, streamSchema } from '../runtime-tables/entity-schemas.ts';
import { tableShape } from '../store/table-shape.ts';

/** What of a table must be the same in the live schema and in the rebuilt one. */
export interface ComparedTable {
  readonly name: string;
  /** Quoted columns of the primary key. */
  readonly key: readonly string[];
  /** Expressions over the table's columns, as text; `%s` stands for the schema that holds `instep_comparable`. */
  readonly values: readonly string[];
  /** A condition over the columns, in SQL, that says which rows count. */
  readonly where: string;
}

export interface Comparison {
  /** Properties that a rebuild cannot give again, such as when a row was written. */
  readonly except?: readonly string[];
  /** SQL over the columns of the table, never from outside. */
  readonly where?: string;
}

/** All columns of a table but `row_version`, which counts writes and not facts. */
export function comparedTable(entity: EntitySchema<object>, { except = [], where = 'true' }: Comparison = {}): ComparedTable {
  const shape = tableShape(entity);
  const types = new Map(Object.entries(entity.options.columns as Readonly<Record<string, { readonly type: unknown } | undefined>>));
  const values = shape.columns
    .filter((column) => !shape.key.includes(column) && !except.includes(column.property))
    .map(({ property, column }) => (types.get(property)?.type === 'json' ? `%s.instep_comparable(${column})` : `${column}::text`));
  return { name: shape.name, key: shape.key.map(({ column }) => column), values, where };
}

/**
 * The tables of the runtime that a rebuild gives again. Not among them: the outbox (empty or about to be) and the ledger of the relay.
 * `answered`: which requests count, since a refusal leaves no event.
 */
export function comparedRuntimeTables(answered = 'true'): readonly ComparedTable[] {
  return [comparedTable(streamSchema), comparedTable(positionSchema), comparedTable(requestSchema, { where: answered }), park];
}

/** Numbers in the park are drawn anew; a record lies at one place of the log. */
const park: ComparedTable = {
  name: 'parked_event',
  key: ['consumer', 'topic', 'partition', 'record_offset'],
  values: ['key', 'type', 'epoch::text', 'sequence::text', 'value::text', 'code', 'reason', 'parked_at::text'],
  where: 'true',
};

/** The rows that count, each with its key and a hash over its values. */
export function hashedRows({ name, key, values, where }: ComparedTable, schema: string, functions: string): string {
  const row = values.map((value) => value.replace('%s', quoteName(functions))).join(', ');
  return `SELECT ${key.join(', ')}, md5(ROW(${row})::text) AS h FROM ${quoteName(schema)}.${quoteName(name)} WHERE ${where}`;
}
