/** A value of a column. Exact numbers travel as text. */
export type Cell = string | number | boolean | null;

/** A row of a read model, by the names of the properties. */
export type Row = Readonly<Record<string, Cell>>;

/** Values of the primary key in its order, the tenant first. */
export type RowKey = readonly string[];

/**
 * A table of a department's own database, as the runtime needs to know it. The adapter finds the columns in the entity schema of the
 * same name. The first column of `key` is `tenant`.
 */
export interface Table<R extends Row = Row> {
  readonly name: string;
  readonly key: readonly (keyof R & string)[];
}
