import { olderEvents } from '@instep/contracts';

import { kpiFolder } from '../saved/folders.ts';
import { readSqlFiles } from '../saved/sql-file.ts';
import { shapeOf, type JsonShape } from '../views/column-types.ts';
import { columnName, definitions, envelope, viewName } from '../views/event-views.ts';
import { businessViews } from '../views/lake-views.ts';

/** What another engine must know to show the lake as ours does: the shape of each event, and the queries as DuckDB runs them. */
export interface LakeDescription {
  /** Columns that every view of an event has. */
  readonly envelope: readonly string[];
  readonly events: readonly EventDescription[];
  /** Each after those it uses. */
  readonly views: readonly { readonly name: string; readonly sql: string }[];
  readonly kpis: readonly { readonly name: string; readonly sql: string }[];
}

interface EventDescription {
  readonly name: string;
  readonly version: number;
  readonly view: string;
  /** Of the data: its name there, its column in the view, and its type as DuckDB spells it. */
  readonly fields: readonly { readonly name: string; readonly column: string; readonly shape: JsonShape }[];
  /** Whether older versions lie in the log, to be read as the newest. */
  readonly upcasts: boolean;
}

export function describeLake(): LakeDescription {
  return {
    envelope,
    events: definitions.map(({ name, version, data }) => ({
      ...{ name, version, view: viewName(name) },
      fields: Object.entries(shapeOf(data)).map(([field, shape]) => ({
        name: field,
        column: columnName(field),
        shape: shape,
      })),
      upcasts: olderEvents.some((older) => older.name === name),
    })),
    views: businessViews().map(({ name, sql }) => ({ name, sql })),
    kpis: readSqlFiles(kpiFolder).map(({ name, sql }) => ({ name, sql })),
  };
}
