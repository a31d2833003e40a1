import { StoreConflict } from '../faults.ts';
import type { ParkedRecord, ParkedStore, UnitOfWork } from '../store.ts';
import { nameOf } from './stored-table.ts';

type Parked = ParkedRecord & { readonly n: number };

/** Parked records in the order in which they were parked. */
export class StoredParking implements ParkedStore {
  readonly #records = new Map<number, Parked>();
  #nextN = 1;

  all(): readonly Parked[] {
    return [...this.#records.values()];
  }

  copy(): StoredParking {
    const copy = new StoredParking();
    for (const [n, record] of this.#records) copy.#records.set(n, record);
    copy.#nextN = this.#nextN;
    return copy;
  }

  isParked(consumer: string, { topic, key }: { readonly topic: string; readonly key: string }): boolean {
    return this.#of(consumer).some((record) => record.topic === topic && record.key === key);
  }

  check({ consumer, redriven }: UnitOfWork): void {
    for (const { topic, key, n } of redriven) {
      const record = this.#records.get(n);
      const there = record?.consumer === consumer && record.topic === topic && record.key === key;
      if (!there) throw new StoreConflict(`parked record ${n} of ${key} is no longer there`);
    }
  }

  write({ parked, redriven }: UnitOfWork): void {
    for (const { n } of redriven) this.#records.delete(n);
    for (const record of parked) {
      const n = this.#nextN++;
      this.#records.set(n, { ...record, value: Buffer.from(record.value), n });
    }
  }

  async list(consumer: string, limit: number, code?: string): Promise<readonly (Parked & { readonly waiting: number })[]> {
    return [...this.#byKey(consumer).values()]
      .flatMap(([first, ...rest]) => (first ? [{ ...first, waiting: 1 + rest.length }] : []))
      .filter((first) => code === undefined || first.code === code)
      .slice(0, limit);
  }

  async read(consumer: string, topic: string, key: string, limit: number): Promise<readonly Parked[]> {
    return (this.#byKey(consumer).get(nameOf([topic, key])) ?? []).slice(0, limit);
  }

  async count(consumer: string): Promise<{ readonly keys: number; readonly records: number }> {
    return { keys: this.#byKey(consumer).size, records: this.#of(consumer).length };
  }

  #of(consumer: string): readonly Parked[] {
    return [...this.#records.values()].filter((record) => record.consumer === consumer);
  }

  #byKey(consumer: string): ReadonlyMap<string, readonly Parked[]> {
    const byKey = new Map<string, Parked[]>();
    for (const record of this.#of(consumer)) {
      const name = nameOf([record.topic, record.key]);
      const records = byKey.get(name);
      if (records) records.push(record);
      else byKey.set(name, [record]);
    }
    return byKey;
  }
}
