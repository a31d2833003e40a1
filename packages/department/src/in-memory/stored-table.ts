import { StoreConflict } from '../faults.ts';
import type { RowWrite } from '../store.ts';
import type { Cell, Row, RowKey, Table } from '../table.ts';

interface StoredRow {
  readonly key: RowKey;
  readonly row: Row;
  readonly version: number;
}

/** The rows of one table. `check` throws or allows; only then may `write` follow. */
export class StoredTable {
  readonly #table: Table<never>;
  readonly #rows = new Map<string, StoredRow>();

  constructor(table: Table<never>) {
    this.#table = table;
  }

  copy(): StoredTable {
    const copy = new StoredTable(this.#table);
    for (const [name, row] of this.#rows) copy.#rows.set(name, row);
    return copy;
  }

  get(key: RowKey): StoredRow | undefined {
    return this.#rows.get(nameOf(key.map(withoutNul)));
  }

  all(): readonly Row[] {
    return [...this.#rows.values()].map((stored) => stored.row);
  }

  keyOf(row: Row): RowKey {
    return this.#table.key.map((column) => withoutNul(String(row[column])));
  }

  check(write: RowWrite): void {
    if (write.kind === 'state') return;
    const key = this.keyOf(write.row);
    const found = this.get(key)?.version ?? 0;
    const expected = write.kind === 'view' ? write.loadedVersion : 0;
    if (found !== expected) throw new StoreConflict(`row ${key.join('/')} of ${write.table} is at version ${found}, not ${expected}`);
  }

  write({ row }: RowWrite): void {
    const key = this.keyOf(row);
    const name = nameOf(key);
    const version = (this.#rows.get(name)?.version ?? 0) + 1;
    this.#rows.set(name, { key, row: stored(row), version });
  }
}

/** A name that no other list of parts has. */
export function nameOf(parts: readonly (string | number)[]): string {
  return JSON.stringify(parts);
}

/** Text columns of PostgreSQL hold every character but NUL, so rows lose it here too. */
function withoutNul(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text;
}

function stored(row: Row): Row {
  const cell = (value: Cell): Cell => (typeof value === 'string' ? withoutNul(value) : value);
  return Object.fromEntries(Object.entries(row).map(([name, value]) => [name, cell(value)]));
}
