import type { StreamDefinition } from '@instep/decider';

import type { Loaded, LoadRequest, RowWrite, StreamKey, UnitOfWork } from './store.ts';
import type { AnyTable } from './projection.ts';
import type { Row, RowKey } from './table.ts';

interface StreamEntry extends StreamKey {
  readonly definition: StreamDefinition<unknown>;
  readonly loadedVersion: number;
  readonly loadedState: unknown;
  version: number;
  state: unknown;
}

interface RowEntry {
  readonly table: AnyTable;
  readonly loadedVersion: number;
  readonly loadedRow: Row | undefined;
  row: Row | undefined;
  changed: boolean;
}

type Undo = () => void;

export interface WorkMark {
  readonly undo: number;
}

const separator = '\u0000';

/**
 * The streams and view rows of one unit of work: as loaded, and as they are after what was decided so far. States are immutable, so taking
 * a record's changes back is putting the old references in place again.
 */
export class WorkSet {
  readonly #streams = new Map<string, StreamEntry>();
  readonly #rows = new Map<string, RowEntry>();
  readonly #undo: Undo[] = [];
  #missingStreams = new Map<string, StreamKey>();
  #missingRows = new Map<string, { table: AnyTable; key: RowKey }>();
  readonly #asked = new Map<string, StreamDefinition<unknown>>();

  /** The stream as it is now; undefined (and remembered as missing) when it is not loaded. */
  stream(
    definition: StreamDefinition<unknown>,
    tenant: string,
    id: string,
  ): { readonly version: number; readonly state: unknown } | undefined {
    const key = tenant + separator + definition.name + separator + id;
    const entry = this.#streams.get(key);
    if (!entry) {
      this.#missingStreams.set(key, { tenant, stream: definition.name, id });
      this.#asked.set(definition.name, definition);
    }
    return entry;
  }

  hasStream(definition: { readonly name: string }, tenant: string, id: string): boolean {
    return this.#streams.has(tenant + separator + definition.name + separator + id);
  }

  setStream(definition: StreamDefinition<unknown>, tenant: string, id: string, state: unknown): number {
    const entry = this.#streams.get(tenant + separator + definition.name + separator + id);
    if (!entry) throw new Error(`stream ${definition.name}/${id} is changed but was not loaded`);
    const { version, state: before } = entry;
    this.#undo.push(() => {
      entry.version = version;
      entry.state = before;
    });
    entry.version += 1;
    entry.state = state;
    return entry.version;
  }

  /** The row as it is now: undefined when there is none, `missing` (and remembered) when it is not loaded. */
  row(table: AnyTable, key: RowKey): Row | undefined | 'missing' {
    const name = rowName(table, key);
    const entry = this.#rows.get(name);
    if (!entry) {
      this.#missingRows.set(name, { table, key });
      return 'missing';
    }
    return entry.row;
  }

  setRow(table: AnyTable, key: RowKey, row: Row): void {
    const entry = this.#rows.get(rowName(table, key));
    if (!entry) throw new Error(`row ${table.name} ${key.join('/')} is changed but was not loaded`);
    const { row: before, changed } = entry;
    this.#undo.push(() => {
      entry.row = before;
      entry.changed = changed;
    });
    entry.row = row;
    entry.changed = true;
  }

  mark(): WorkMark {
    return { undo: this.#undo.length };
  }

  takeBack(mark: WorkMark): void {
    while (this.#undo.length > mark.undo) this.#undo.pop()?.();
  }

  get missing(): boolean {
    return this.#missingStreams.size > 0 || this.#missingRows.size > 0;
  }

  /** What was asked for and is not loaded; forgets it. */
  takeMissing(): Pick<LoadRequest, 'streams' | 'rows'> {
    const byTable = new Map<string, RowKey[]>();
    for (const { table, key } of this.#missingRows.values()) {
      const keys = byTable.get(table.name);
      if (keys) keys.push(key);
      else byTable.set(table.name, [key]);
    }
    const request = { streams: [...this.#missingStreams.values()], rows: [...byTable].map(([table, keys]) => ({ table, keys })) };
    this.#pendingStreams = this.#missingStreams;
    this.#pendingRows = this.#missingRows;
    this.#missingStreams = new Map();
    this.#missingRows = new Map();
    return request;
  }

  #pendingStreams = new Map<string, StreamKey>();
  #pendingRows = new Map<string, { table: AnyTable; key: RowKey }>();

  /** Puts in what the store had of the last takeMissing; the rest does not exist yet. */
  add(loaded: Pick<Loaded, 'streams' | 'rows'>): void {
    for (const { tenant, stream, id, version, state } of loaded.streams) {
      const key = tenant + separator + stream + separator + id;
      const definition = this.#asked.get(stream);
      if (!definition) continue;
      this.#streams.set(key, { tenant, stream, id, definition, loadedVersion: version, loadedState: state, version, state });
      this.#pendingStreams.delete(key);
    }
    for (const [key, { tenant, stream, id }] of this.#pendingStreams) {
      const definition = this.#asked.get(stream);
      if (!definition) continue;
      const state = definition.initial(id);
      this.#streams.set(key, { tenant, stream, id, definition, loadedVersion: 0, loadedState: state, version: 0, state });
    }
    for (const found of loaded.rows) {
      const name = found.table + separator + found.key.join(separator);
      const table = this.#pendingRows.get(name)?.table;
      if (!table) continue;
      this.#rows.set(name, { table, loadedVersion: found.version, loadedRow: found.row, row: found.row, changed: false });
      this.#pendingRows.delete(name);
    }
    for (const [name, { table }] of this.#pendingRows) {
      this.#rows.set(name, { table, loadedVersion: 0, loadedRow: undefined, row: undefined, changed: false });
    }
    this.#pendingStreams = new Map();
    this.#pendingRows = new Map();
  }

  /** Back to what was loaded, for another pass. */
  reset(): void {
    this.#undo.length = 0;
    for (const entry of this.#streams.values()) {
      entry.version = entry.loadedVersion;
      entry.state = entry.loadedState;
    }
    for (const entry of this.#rows.values()) {
      entry.row = entry.loadedRow;
      entry.changed = false;
    }
  }

  changedStreams(): (UnitOfWork['streams'][number] & { readonly loadedState: unknown })[] {
    return [...this.#streams.values()]
      .filter((entry) => entry.version !== entry.loadedVersion)
      .sort((a, b) => byText(a.tenant, b.tenant) || byText(a.stream, b.stream) || byText(a.id, b.id));
  }

  changedRows(): Extract<RowWrite, { kind: 'view' }>[] {
    const changed = [...this.#rows].filter(([, entry]) => entry.changed).sort(([a], [b]) => byText(a, b));
    return changed.flatMap(([, { table, row, loadedVersion }]) =>
      row === undefined ? [] : [{ kind: 'view' as const, table: table.name, row, loadedVersion }],
    );
  }
}

function rowName(table: AnyTable, key: RowKey): string {
  return table.name + separator + key.join(separator);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
