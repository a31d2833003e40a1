import { events as newestEvents, olderEvents, type EventDefinition } from '@instep/contracts';

import { hiddenFields, shapeWithout, type Personal } from '../personal/hidden-fields.ts';
import { columns } from '../record/columns.ts';
import { duckType, shapeOf, type JsonShape } from './column-types.ts';

export interface View {
  readonly name: string;
  /** For whoever lists the views. */
  readonly meaning: string;
  /** The query behind it. */
  readonly sql: string;
}

/**
 * How the data of an older version is written as the next one, in SQL over `data`: `{ 'order.placed/1': "json_merge_patch(data, …)" }`.
 * One for each version that has an upcast in the contracts, and the same as that.
 */
export type SqlUpcasts = Readonly<Record<string, string>>;

export const sqlUpcasts: SqlUpcasts = {};

/** Every event that the contracts name, newest version. */
export const definitions: readonly EventDefinition[] = newestEvents;

/** Shown otherwise, or for those alone who want the record as it lay in the log. */
const notShown: readonly string[] = [
  ...['data', 'fault', 'value', 'repeated', 'type', 'type_version'],
  ...['serial', 'cause_end', 'header_type', 'time_text'],
];

/** Columns that every view of an event has. */
export const envelope = columns.map(({ name }) => name).filter((name) => !notShown.includes(name));

/** Name of the view of an event: `order.placed` is `order_placed`. */
export function viewName(event: string): string {
  return event.replaceAll(/[.-]/g, '_');
}

export interface EventViewOptions {
  /** Default shown. */
  readonly personal?: Personal;
  readonly older?: readonly EventDefinition[];
  readonly upcasts?: SqlUpcasts;
}

/** A view of one event: the envelope, and each field of the data as a column of its type. Older versions are shown as the newest. */
export function eventView(definition: EventDefinition, from: string, options: EventViewOptions = {}): View {
  const { personal = 'shown', older = olderEvents, upcasts = sqlUpcasts } = options;
  const whole = shapeOf(definition.data);
  if (typeof whole === 'string' || Array.isArray(whole)) throw new Error(`the data of ${definition.name} is not an object`);
  const all = whole as Readonly<Record<string, JsonShape>>;
  const shape = personal === 'shown' ? all : shapeWithout(all, hiddenFields(definition));
  // What is hidden has its type all the same: a question is not refused because nobody may know the answer.
  const fields = Object.entries(all).map(
    ([field, of]) => `${field in shape ? `d."${field}"` : `NULL::${duckType(of)}`} AS ${columnName(field)}`,
  );
  const select = [...envelope, 'type_version AS written_as', ...fields].join(', ');
  const newest = newestData(definition, older, upcasts);
  return {
    name: viewName(definition.name),
    meaning: definition.meaning,
    sql: `SELECT ${select}
  FROM (SELECT *, json_transform(${newest}, '${JSON.stringify(shape)}') AS d
        FROM ${from} WHERE type = '${definition.name}' AND type_version <= ${definition.version})`,
  };
}

/** The data as the newest version spells it: the upcasts of the versions before, one around the other. */
function newestData(definition: EventDefinition, older: readonly EventDefinition[], upcasts: SqlUpcasts): string {
  const versions = older.filter(({ name }) => name === definition.name).sort((one, two) => one.version - two.version);
  return versions.reduce((data, { name, version }) => {
    const upcast = upcasts[`${name}/${version}`];
    if (upcast === undefined)
      throw new Error(
        `${name}/${version} has an upcast in the contracts and none in SQL: add it to sqlUpcasts in apps/lake/src/views/event-views.ts`,
      );
    return `CASE WHEN type_version <= ${version} THEN ${upcast.replaceAll(/\bdata\b/g, data)} ELSE ${data} END`;
  }, 'data');
}

const taken = new Set<string>([...columns.map(({ name }) => name), 'written_as']);

/** `orderId` is `order_id`; what the envelope has too is `data_…`. */
export function columnName(field: string): string {
  const name = field.replaceAll(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase();
  return taken.has(name) || reserved.has(name) ? `data_${name}` : name;
}

/** Words that some engine would want in quotes. */
const reserved = new Set(['offset', 'partition', 'value', 'to', 'from', 'into', 'order', 'at']);
