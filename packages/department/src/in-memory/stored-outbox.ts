import { StoreUnavailable } from '../faults.ts';
import type { OutboxEvent, OutboxLease, OutboxRow, OutboxStore, RelayLedger } from '../store.ts';

/** Outbox rows with rising ids, the lease that one holder has at a time, and the ledger that outlives the holder. */
export class StoredOutbox implements OutboxStore {
  readonly #now: () => number;
  readonly #rows = new Map<number, OutboxRow>();
  #nextId = 1;
  #newest = 0;
  #sorted = true;
  #holder: object | undefined;
  #ledger: RelayLedger = { generation: 0, epoch: 1, serial: 0, counters: [], inFlight: [] };

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Ids for so many rows. As in a real database they are drawn before the rows can be seen, and are gone when these never come. */
  draw(count: number): readonly number[] {
    return Array.from({ length: count }, () => this.#nextId++);
  }

  add(events: readonly OutboxEvent[], ids: readonly number[]): void {
    events.forEach(({ topic, partition, key, type, value }, index) => {
      const id = ids[index];
      if (id === undefined) throw new Error('an outbox row needs an id');
      if (this.#newest > id) this.#sorted = false;
      else this.#newest = id;
      this.#rows.set(id, { id, topic, partition, key, type, value, recordedAt: this.#now() });
    });
  }

  all(): readonly OutboxRow[] {
    if (!this.#sorted) {
      const rows = [...this.#rows].sort(([a], [b]) => a - b);
      this.#rows.clear();
      for (const [id, row] of rows) this.#rows.set(id, row);
      this.#sorted = true;
    }
    return [...this.#rows.values()];
  }

  get stored(): RelayLedger {
    return this.#ledger;
  }

  /** The same rows, numbers and ids; nobody holds the lease. */
  copy(): StoredOutbox {
    const copy = new StoredOutbox(this.#now);
    for (const [id, row] of this.#rows) copy.#rows.set(id, row);
    copy.#nextId = this.#nextId;
    copy.#ledger = this.#ledger;
    copy.#newest = this.#newest;
    copy.#sorted = this.#sorted;
    return copy;
  }

  async backlog(): Promise<{ readonly rows: number; readonly oldestSeconds: number }> {
    const [oldest] = this.all();
    return { rows: this.#rows.size, oldestSeconds: oldest ? (this.#now() - oldest.recordedAt) / 1000 : 0 };
  }

  async lease(): Promise<OutboxLease | undefined> {
    if (this.#holder) return undefined;
    const holder = {};
    this.#holder = holder;
    const held = (): boolean => this.#holder === holder;
    const holding = (): void => {
      if (!held()) throw new StoreUnavailable('the lease of the outbox is lost');
    };
    return {
      held,
      ledger: async () => {
        holding();
        return this.#ledger;
      },
      next: async (acknowledged, limit) => {
        holding();
        for (const id of acknowledged) this.#rows.delete(id);
        return this.all().slice(0, limit);
      },
      rows: async (ids) => {
        holding();
        const wanted = new Set(ids);
        return this.all().filter((row) => wanted.has(row.id));
      },
      // A holder that does not know yet that it lost the lease gets this far in a real database as well: the generation stops it.
      allot: async (ledger) => {
        if (ledger.generation !== this.#ledger.generation) return false;
        this.#ledger = copyOf({ ...ledger, generation: ledger.generation + 1 });
        return true;
      },
      release: async () => {
        if (held()) this.#holder = undefined;
      },
    };
  }

  loseLease(): void {
    this.#holder = undefined;
  }
}

/** Nothing of what a caller holds, which it may go on changing. */
function copyOf(ledger: RelayLedger): RelayLedger {
  return {
    ...ledger,
    counters: ledger.counters.map((counter) => ({ ...counter })),
    inFlight: ledger.inFlight.map((row) => ({ ...row })),
  };
}
