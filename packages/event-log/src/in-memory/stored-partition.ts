import type { LogRecord, NewRecord, TopicPartition } from '../record.ts';

/** The records of one topic-partition, and who waits for more of them. */
export class StoredPartition {
  readonly target: TopicPartition;
  readonly #records: LogRecord[] = [];
  readonly #listeners = new Set<() => void>();

  constructor(target: TopicPartition) {
    this.target = target;
  }

  get next(): number {
    return this.#records.length;
  }

  get all(): readonly LogRecord[] {
    return this.#records;
  }

  append(records: readonly NewRecord[], timestamp: number): number {
    const firstOffset = this.next;
    for (const { key, type, sequence, value } of records) {
      // Copied: what is in the log does not change when the writer uses its buffer again.
      this.#records.push({ ...this.target, offset: this.next, key, type, sequence, value: Buffer.from(value), timestamp });
    }
    for (const wake of this.#listeners) wake();
    return firstOffset;
  }

  slice(from: number, to: number): readonly LogRecord[] {
    return this.#records.slice(from, to);
  }

  onAppend(wake: () => void): () => void {
    this.#listeners.add(wake);
    return () => this.#listeners.delete(wake);
  }
}
