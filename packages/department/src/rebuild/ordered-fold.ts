import type { CloudEvent } from '@instep/contracts';
import { findEvent } from '@instep/contracts';
import type { StreamDefinition } from '@instep/decider';

import type { DepartmentDefinition } from '../department-definition.ts';
import type { DepartmentIndex } from '../department-index.ts';
import { indexDepartment } from '../department-index.ts';
import { incoming } from '../stamp-event.ts';
import type { StoredStream, StreamKey } from '../store.ts';
import type { Row, RowKey } from '../table.ts';
import { journalRows } from './folded-unit.ts';
import { LogIncomplete } from './log-reading.ts';

/** The newest version of everything that a fold needs again, at hand without waiting. */
export interface FoldState {
  stream(key: StreamKey): Pick<StoredStream, 'version' | 'state'> | undefined;
  setStream(stream: StoredStream): void;
  row(table: string, key: RowKey): Row | undefined;
  setRow(table: string, key: RowKey, row: Row): void;
}

/** A row as it is from one event on, until it changes again. Rows are never deleted. */
export interface RowVersion {
  readonly table: string;
  readonly key: RowKey;
  readonly row: Row;
}

export interface OrderedFoldParts {
  readonly definition: DepartmentDefinition;
  readonly state: FoldState;
  /** Not every event is folded, so versions of streams have gaps. False when absent: a gap is LogIncomplete. */
  readonly withGaps?: boolean;
}

/**
 * The tables of a department, folded event by event, so that every version of every row is seen. Events come in an order in which those of
 * each partition keep theirs and an effect follows its cause. After any of them the rows are those of a rebuild that stopped there. A
 * repeated or parked record is no event here: the caller leaves it out.
 */
export class OrderedFold {
  readonly #index: DepartmentIndex;
  readonly #state: FoldState;
  readonly #withGaps: boolean;
  readonly #keys: ReadonlyMap<string, readonly string[]>;

  constructor({ definition, state, withGaps = false }: OrderedFoldParts) {
    this.#index = indexDepartment(definition);
    this.#state = state;
    this.#withGaps = withGaps;
    this.#keys = new Map(definition.projections.map(({ table }) => [table.name, table.key]));
  }

  /** Folds what the service recorded itself. Throws LogIncomplete when the event does not follow on what was folded. */
  own(event: CloudEvent): readonly RowVersion[] {
    const kind = this.#kindOf(event);
    const decided = { type: event.type, data: event.data as object };
    const versions = this.#isShown(kind) ? this.#evolve(kind, event, event.subject, true) : [];
    for (const each of this.#index.touched) {
      if (!this.#isShown(each)) continue;
      for (const id of each.touchedBy?.(decided) ?? []) {
        if (each !== kind || id !== event.subject) versions.push(...this.#evolve(each, event, id, false));
      }
    }
    return [...versions, ...this.#journalVersions(event)];
  }

  /** Folds what another service recorded. */
  foreign(event: CloudEvent): readonly RowVersion[] {
    const { subscribed, views } = this.#index;
    if (!subscribed.has(event.type)) return [];
    const seen = incoming(event);
    const versions: RowVersion[] = [];
    for (const { table, fold } of views.get(seen.type) ?? []) {
      for (const key of fold.keys(seen)) {
        const before = this.#state.row(table.name, key);
        const row = fold.fold(before, seen, key);
        if (row !== undefined && row !== before) versions.push(...this.#changed(table.name, key, row));
      }
    }
    return [...versions, ...this.#journalVersions(event)];
  }

  #kindOf(event: CloudEvent): StreamDefinition<unknown> {
    const name = findEvent(event.type)?.stream;
    const kind = name === undefined ? undefined : this.#index.streams.get(name);
    if (kind) return kind;
    throw new Error(`${this.#index.definition.service} has no stream for its event "${event.type}"`);
  }

  /** A stream that no table shows need not be kept. */
  #isShown({ name }: StreamDefinition<unknown>): boolean {
    return this.#index.stateTables.has(name);
  }

  #evolve(kind: StreamDefinition<unknown>, event: CloudEvent, id: string, isOwn: boolean): RowVersion[] {
    const key = { tenant: event.tenant, stream: kind.name, id };
    const before = this.#state.stream(key) ?? { version: 0, state: kind.initial(id) };
    const follows = event.streamversion === undefined || event.streamversion === before.version + 1;
    // A stream that other streams' events change too has versions between its own events.
    if (isOwn && !kind.touchedBy && !follows && !this.#withGaps)
      throw new LogIncomplete(
        `${event.type} of ${event.subject} has version ${String(event.streamversion)}, which does not follow on version ${String(before.version)}`,
      );
    const state = kind.evolve(before.state, { type: event.type, data: event.data as object }, id);
    const version = before.version + 1;
    this.#state.setStream({ ...key, version, state });
    return (this.#index.stateTables.get(kind.name) ?? []).flatMap(({ table, rows }) =>
      rows(state, { tenant: event.tenant, id, version }).flatMap((row) => this.#changed(table.name, this.#keyOf(table.name, row), row)),
    );
  }

  #journalVersions(event: CloudEvent): RowVersion[] {
    if (!this.#index.journals.has(event.type)) return [];
    return journalRows(this.#index, incoming(event)).map(({ table, row }) => ({ table, key: this.#keyOf(table, row), row }));
  }

  #changed(table: string, key: RowKey, row: Row): readonly RowVersion[] {
    const before = this.#state.row(table, key);
    if (before && isSame(before, row)) return [];
    this.#state.setRow(table, key, row);
    return [{ table, key, row }];
  }

  #keyOf(table: string, row: Row): RowKey {
    return (this.#keys.get(table) ?? []).map((column) => String(row[column]));
  }
}

function isSame(a: Row, b: Row): boolean {
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => a[name] === b[name]);
}
