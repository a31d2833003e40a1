import { DatabaseSync, type StatementSync } from 'node:sqlite';

import type { FoldState } from '@instep/department';

/** Entries kept in memory between two writings. More makes a fold faster and larger. */
const MOST_IN_MEMORY = 150_000;

const SEPARATOR = '\u0001';

/**
 * The newest version of every stream and row of all departments, in one file. What is changed becomes durable with `commit` and not before:
 * whoever is killed finds what the last commit left.
 */
export class StateFile {
  readonly #database: DatabaseSync;
  readonly #find: StatementSync;
  readonly #put: StatementSync;
  readonly #entries = new Map<string, unknown>();
  readonly #changed = new Map<string, unknown>();

  constructor(path: string) {
    this.#database = new DatabaseSync(path);
    this.#database.exec(`
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA cache_size = -65536;
      CREATE TABLE IF NOT EXISTS entry (name TEXT PRIMARY KEY, value TEXT NOT NULL);
      BEGIN`);
    this.#find = this.#database.prepare('SELECT value FROM entry WHERE name = ?');
    this.#put = this.#database.prepare('INSERT INTO entry VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value');
  }

  of(service: string): FoldState {
    const name = (...parts: readonly string[]): string => [service, ...parts].join(SEPARATOR);
    return {
      stream: ({ tenant, stream, id }) => this.#get(name('stream', stream, tenant, id)),
      setStream: ({ tenant, stream, id, version, state }) => this.set(name('stream', stream, tenant, id), { version, state }),
      row: (table, key) => this.#get(name('row', table, ...key)),
      setRow: (table, key, row) => this.set(name('row', table, ...key), row),
    };
  }

  note<Value>(name: string): Value | undefined {
    return this.#get<Value>(name);
  }

  set(name: string, value: unknown): void {
    this.#entries.set(name, value);
    this.#changed.set(name, value);
  }

  /** Writes what changed, so that memory stays bounded; not durable yet. */
  flush(): void {
    for (const [name, value] of this.#changed) this.#put.run(name, JSON.stringify(value));
    this.#changed.clear();
    // The oldest go first: what an order or an item needs comes close together.
    for (const name of this.#entries.keys()) {
      if (this.#entries.size <= MOST_IN_MEMORY) break;
      this.#entries.delete(name);
    }
  }

  commit(): void {
    this.flush();
    this.#database.exec('COMMIT; BEGIN');
  }

  /** Forgets everything, also what was durable. */
  clear(): void {
    this.#entries.clear();
    this.#changed.clear();
    this.#database.exec('DELETE FROM entry; COMMIT; BEGIN');
  }

  close(): void {
    this.#database.exec('ROLLBACK');
    this.#database.close();
  }

  #get<Value>(name: string): Value | undefined {
    const known = this.#entries.get(name);
    if (known !== undefined) return known as Value;
    const found = this.#find.get(name);
    if (found === undefined) return undefined;
    const value = JSON.parse(found['value'] as string) as Value;
    this.#entries.set(name, value);
    return value;
  }
}
