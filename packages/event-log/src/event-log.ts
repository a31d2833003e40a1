import type { LogRecord, NewRecord, TopicPartition } from './record.ts';

/**
 * The event log: append-only, partitioned, kept for ever. Every adapter passes the suite in `./conformance`.
 *
 * Order holds within a topic-partition and nowhere else. Offsets of a partition are contiguous and start at 0.
 */
export interface EventLog {
  /**
   * Appends to ONE topic-partition, in order, and resolves when every in-sync replica has the records, with the offset of the first.
   * A rejection says nothing about whether they were stored (`LogUnavailable`): append the same records again and let readers drop what
   * came twice by its sequence. Never two appends to one topic-partition at a time: a second call waits for the first, and calls keep
   * their order. At least one record. Not atomic: when it rejects, or the process dies, a first part may have been stored.
   * Rejects with `UnknownTopic` or `RecordTooLarge` where trying again would not help; then nothing of the call was stored.
   */
  append(target: TopicPartition, records: readonly NewRecord[]): Promise<{ firstOffset: number }>;

  /** The partition that records with this key belong to, for as long as the topic exists. Throws `UnknownTopic`. */
  partitionFor(topic: string, key: string): Promise<number>;

  /** First offset kept and the offset that the next record will get, per partition. */
  bounds(topic: string): Promise<readonly PartitionBounds[]>;

  /**
   * Records of one partition from `from` up to but not including `to` or the log's end as it is at the call, in batches. No group, no
   * side effect. Throws `OffsetOutOfRange` when the log does not hold `from`, `LogUnavailable` when it does not answer.
   */
  read(target: TopicPartition, from: number, to: number): AsyncIterable<readonly LogRecord[]>;

  /**
   * Joins a group and takes part in consuming until stopped. Resolves once joined for the first time and `startAt` has answered, also when
   * that ended the consumption (`onCrash`). Rejects with `UnknownTopic` or `LogUnavailable` when it could not even join.
   */
  consume(subscription: Subscription): Promise<Consumption>;

  /** Stops what still consumes, lets appends under way settle, and gives back every connection. */
  close(): Promise<void>;
}

export interface PartitionBounds {
  readonly partition: number;
  readonly first: number;
  readonly next: number;
}

export interface Subscription {
  /** Consumer group. Renaming it changes nothing about positions (they are the consumer's own), but old and new group would both be served. */
  readonly group: string;
  readonly topics: readonly string[];
  /**
   * Called at each assignment, before the first record is handed out: where to go on in each partition.
   * A member that got no partition is asked too, with none.
   * Positions are the caller's; the log keeps none that matter. A rejection ends the consumption (`onCrash`).
   */
  startAt(assigned: readonly TopicPartition[]): Promise<readonly (TopicPartition & { readonly nextOffset: number })[]>;
  /**
   * At most `maxSlice` records of one partition, in order. At most one call per partition at a time; different partitions at once.
   * Must not reject: the answer says how to go on.
   */
  onSlice(slice: Slice): Promise<SliceAnswer>;
  /**
   * The consumption is dead for good (client crashed, poll loop stuck, `startAt` rejected, `onSlice` rejected, a position that the log does
   * not hold): the process should end with this as its last words. Called at most once, and not after `stop` has resolved.
   */
  onCrash(error: Error): void;
  /** Default 500. */
  readonly maxSlice?: number;
}

export interface Slice extends TopicPartition {
  readonly records: readonly LogRecord[];
  /** The offset that the partition's next new record will get, as last seen: for lag. */
  readonly logEnd: number;
}

export type SliceAnswer =
  /** Go on at this offset; behind or ahead of the slice means: seek there. */
  | { readonly kind: 'continue'; readonly nextOffset: number }
  /** Leave this partition alone for so long, then hand out again from `nextOffset`. Other partitions go on. */
  | { readonly kind: 'pause'; readonly nextOffset: number; readonly ms: number }
  /** Hand out nothing more of this partition until the consumption is made anew. */
  | { readonly kind: 'stop' };

export interface Consumption {
  /** Whether this member is in the group and its poll loop turns. */
  healthy(): boolean;
  /** Partitions that are this member's now. */
  assigned(): readonly TopicPartition[];
  /** Hands out nothing new, waits for slices under way, leaves the group. Resolves at the latest after `deadlineMs`. */
  stop(deadlineMs: number): Promise<void>;
}
