/** A record as it lies in the log. `value` is the event's bytes, exactly as written. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  /** Header `type`, or undefined on records of other writers. */
  readonly type: string | undefined;
  /** Header `sequence`, `<epoch>.<n>`, or undefined where the topic carries none. */
  readonly sequence: Sequence | undefined;
  readonly value: Buffer;
  /** When the writer sent it, in milliseconds since 1970. */
  readonly timestamp: number;
}

/** A record to be appended. All else (content-type, time) is the adapter's. */
export interface NewRecord {
  readonly key: string;
  readonly type: string;
  readonly sequence: Sequence | undefined;
  readonly value: Buffer;
}

/** Place of a record in the contiguous numbering of its topic-partition: n is 1, 2, 3 …; the epoch rises when a database was restored. */
export interface Sequence {
  readonly epoch: number;
  readonly n: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}
