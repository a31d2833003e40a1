/** A table of a department as its row history is kept. */
export interface HistoryTable {
  readonly department: string;
  readonly table: string;
  /** Its rows are added and never change. */
  readonly grows: boolean;
  readonly columns: readonly HistoryColumn[];
}

export interface HistoryColumn {
  /** In the rows of the department. */
  readonly property: string;
  /** In its database and here. */
  readonly name: string;
  readonly type: 'text' | 'numeric' | 'boolean' | 'integer' | 'timestamptz';
  readonly key: boolean;
}

/** What is read of an entity schema. */
export interface TableEntity {
  readonly options: { readonly name: string; readonly columns: object };
}

interface EntityColumn {
  readonly type: unknown;
  readonly name?: string;
  readonly primary?: boolean;
}

const types = new Set(['text', 'numeric', 'boolean', 'integer', 'timestamptz']);

/** Counts writes and not facts. */
const ROW_VERSION = 'rowVersion';

export function historyTable(department: string, { options }: TableEntity, grows: boolean): HistoryTable {
  const columns = Object.entries(options.columns as Readonly<Record<string, unknown>>)
    .filter(([property]) => property !== ROW_VERSION)
    .map(([property, column]) => columnOf(options.name, property, column as EntityColumn));
  return { department, table: options.name, grows, columns };
}

function columnOf(table: string, property: string, { type, name = property, primary = false }: EntityColumn): HistoryColumn {
  if (typeof type !== 'string' || !types.has(type))
    throw new Error(`the row history has no type for ${table}.${property}: ${String(type)}`);
  return { property, name, type: type as HistoryColumn['type'], key: primary };
}

/** `order-intake` and `order_summary` are `order_intake_order_summary`: the name of its view. */
export function viewNameOf({ department, table }: Pick<HistoryTable, 'department' | 'table'>): string {
  return `${department.replaceAll('-', '_')}_${table}`;
}
