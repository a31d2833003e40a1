import { olderEvents, type EventDefinition } from '@instep/contracts';

import { hiddenFields, shapeWithout } from '../personal/hidden-fields.ts';
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
    events: definitions.map((definition) => ({
      ...{ name: definition.name, version: definition.version, view: viewName(definition.name) },
      fields: Object.entries(shownShape(definition)).map(([field, shape]) => ({ name: field, column: columnName(field), shape })),
      upcasts: olderEvents.some(({ name }) => name === definition.name),
    })),
    views: businessViews().map(({ name, sql }) => ({ name, sql })),
    kpis: readSqlFiles(kpiFolder).map(({ name, sql }) => ({ name, sql })),
  };
}

/** Without what names or reaches a person: other engines know nothing of `--reveal`. */
function shownShape(definition: EventDefinition): Readonly<Record<string, JsonShape>> {
  return shapeWithout(shapeOf(definition.data) as Readonly<Record<string, JsonShape>>, hiddenFields(definition));
}
