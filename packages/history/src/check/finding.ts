import type { TopicPartition } from '@instep/event-log';

/** What the log shows that must not be. */
export type FindingCode =
  /** A numbered topic holds a record without a number. */
  | 'number-missing'
  /** Numbers were left out. */
  | 'number-gap'
  /** A number comes after a higher one without having come before. */
  | 'number-late'
  /** The epoch went back. */
  | 'epoch-falls'
  /** The same number came again with other content. */
  | 'repetition-differs'
  | 'version-missing'
  | 'version-gap'
  | 'version-repeated'
  /** Recorded by a service that does not own the topic. */
  | 'wrong-owner'
  /** An event that belongs into another topic. */
  | 'wrong-topic'
  | 'wrong-key'
  | 'wrong-partition'
  | 'wrong-type'
  | 'partition-count'
  /** History does not begin at its beginning. */
  | 'history-cut'
  | 'undecodable'
  | 'cause-unnamed'
  | 'cause-unreadable'
  /** No record lies where the cause is said to be. */
  | 'cause-missing'
  /** Another record lies where the cause is said to be. */
  | 'cause-differs'
  | 'cause-later'
  /** The database gave out numbers that never reached the log. */
  | 'log-behind-database'
  /** The log holds numbers that the database does not know. */
  | 'database-behind-log';

/** One thing that must not be, where it lies, and what it is in words. */
export interface Finding extends TopicPartition {
  readonly code: FindingCode;
  /** Undefined when it concerns the whole partition. */
  readonly offset: number | undefined;
  readonly sentence: string;
}

/** The findings of one check: all are counted, the first ones kept. */
export class Findings {
  readonly #most: number;
  readonly #kept: Finding[] = [];
  readonly #counts = new Map<FindingCode, number>();
  readonly #perPartition = new Map<string, number>();

  constructor(most: number) {
    this.#most = most;
  }

  add(code: FindingCode, { topic, partition }: TopicPartition, offset: number | undefined, sentence: string): void {
    if (this.#kept.length < this.#most) this.#kept.push({ code, topic, partition, offset, sentence });
    this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
    const name = `${topic}/${String(partition)}`;
    this.#perPartition.set(name, (this.#perPartition.get(name) ?? 0) + 1);
  }

  /** In the order of the log, whatever the order in which they were found. */
  kept(): readonly Finding[] {
    return this.#kept.toSorted(
      (a, b) => a.topic.localeCompare(b.topic) || a.partition - b.partition || (a.offset ?? -1) - (b.offset ?? -1),
    );
  }

  counts(): Readonly<Partial<Record<FindingCode, number>>> {
    return Object.fromEntries(this.#counts);
  }

  of({ topic, partition }: TopicPartition): number {
    return this.#perPartition.get(`${topic}/${String(partition)}`) ?? 0;
  }

  total(): number {
    return [...this.#counts.values()].reduce((sum, count) => sum + count, 0);
  }
}
