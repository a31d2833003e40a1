import type { CloudEvent } from '@instep/contracts';
import { saysDeadLetter, saysRedriven, type InMemoryStore, type Row } from '@instep/department';
import { isAboutPerson } from '@instep/lake/log';

import { parsed, type History } from './history.ts';
import type { Played } from './stage.ts';

export interface RowDifference {
  readonly key: string;
  readonly found: 'only as it was' | 'only here' | 'changed';
  /** By column; both for a row that changed. */
  readonly columns: readonly { readonly name: string; readonly was?: string | undefined; readonly is?: string | undefined }[];
}

export interface TableDifference {
  readonly service: string;
  readonly table: string;
  readonly rows: number;
  readonly onlyAsItWas: number;
  readonly onlyHere: number;
  readonly changed: number;
  /** Some of them. */
  readonly samples: readonly RowDifference[];
}

const mostSamples = 5;

/** Row by row: every table of every department, and the states of its streams. Tables without a difference too. */
export function compareTables(was: Played, is: Played): readonly TableDifference[] {
  const differences: TableDifference[] = [];
  for (const [service, { projections, streams }] of was.definitions) {
    const [before, after] = [was.stores.get(service), is.stores.get(service)];
    if (!before || !after) continue;
    // Another version of a department may have no such table.
    const still = new Set(is.definitions.get(service)?.projections.map(({ table }) => table.name));
    for (const { table } of projections) {
      const rows = still.has(table.name) ? after.rows(table.name) : [];
      differences.push(difference(service, table.name, rowsOf(before.rows(table.name), table.key), rowsOf(rows, table.key)));
    }
    for (const { name } of streams)
      differences.push(difference(service, `stream ${name}`, streamsOf(before, name), streamsOf(after, name)));
  }
  return differences;
}

type Rows = ReadonlyMap<string, Row>;

function rowsOf(rows: readonly Row[], key: readonly string[]): Rows {
  return new Map(rows.map((row) => [key.map((column) => String(row[column])).join(' / '), row]));
}

function streamsOf(store: InMemoryStore, name: string): Rows {
  return new Map(
    store
      .streams()
      .filter(({ stream }) => stream === name)
      .map(({ tenant, id, version, state }) => [`${tenant} / ${id}`, { version, state: JSON.stringify(state) }]),
  );
}

function difference(service: string, table: string, was: Rows, is: Rows): TableDifference {
  const found: RowDifference[] = [];
  for (const [key, row] of was) {
    const other = is.get(key);
    if (!other) found.push({ key, found: 'only as it was', columns: columnsOf(service, row, undefined) });
    else if (JSON.stringify(row) !== JSON.stringify(other)) found.push({ key, found: 'changed', columns: columnsOf(service, row, other) });
  }
  for (const [key, row] of is) if (!was.has(key)) found.push({ key, found: 'only here', columns: columnsOf(service, undefined, row) });
  const count = (kind: RowDifference['found']): number => found.filter((each) => each.found === kind).length;
  return {
    ...{ service, table, rows: was.size, onlyAsItWas: count('only as it was'), onlyHere: count('only here'), changed: count('changed') },
    samples: found.slice(0, mostSamples),
  };
}

function columnsOf(service: string, was: Row | undefined, is: Row | undefined): RowDifference['columns'] {
  const names = new Set([...Object.keys(was ?? {}), ...Object.keys(is ?? {})]);
  const text = (row: Row | undefined, name: string): string | undefined => (row ? shown(service, name, String(row[name])) : undefined);
  return [...names].map((name) => ({ name, was: text(was, name), is: text(is, name) })).filter((column) => column.was !== column.is);
}

/** What is about a person, in rows and in states: a report goes to people who may not see it. */
function shown(service: string, column: string, cell: string): string {
  if (isAboutPerson(service, column)) return '(hidden)';
  if (column !== 'state') return cell;
  return JSON.stringify(JSON.parse(cell), (name, value: unknown) => (isAboutPerson(service, name) && value !== null ? '(hidden)' : value));
}

export interface Faithfulness {
  /** Events that departments recorded in history. */
  readonly recorded: number;
  /** Those of them that came out otherwise, or not at all, although nothing was changed. */
  readonly otherwise: readonly string[];
  /** Events that history did not hold yet: their causes had not been read when it ended. */
  readonly beyond: number;
}

/** How well history played once more without changes is history. Where an event lies in its partition is not compared. */
export function compareWithHistory(history: History, played: Played): Faithfulness {
  const open = new Map(history.decisions.flatMap(({ events }) => events).map(({ event, record }) => [event.id, { event, record }]));
  const recorded = open.size;
  const otherwise: string[] = [];
  let beyond = 0;
  for (const event of eventsOf(played)) {
    const known = open.get(event.id);
    if (!known) {
      if (!history.find(event.id)) beyond += 1;
      continue;
    }
    open.delete(event.id);
    if (contentOf(known.event) !== contentOf(event)) otherwise.push(`${event.type} of ${event.subject}`);
  }
  for (const { event } of open.values()) otherwise.push(`${event.type} of ${event.subject}`);
  return { recorded, otherwise, beyond };
}

export function* eventsOf({ log, partitions }: Pick<Played, 'log' | 'partitions'>): Iterable<CloudEvent> {
  for (const target of partitions) {
    for (const { value } of log.records(target)) {
      const event = parsed(value.toString('utf8'));
      if (event) yield event;
    }
  }
}

function contentOf(event: CloudEvent): string {
  const content = { ...event, causeposition: undefined };
  // These tell where a record lies, also in what they say and as their cause.
  if (saysDeadLetter(event) || saysRedriven(event))
    return JSON.stringify({ ...content, correlationid: '', causationid: '', data: { ...(event.data as object), offset: 0 } });
  return JSON.stringify(content);
}
