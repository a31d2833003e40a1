/** A record as it lies in the log. `value` is the event's bytes, exactly as written. */
export interface LogRecord {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly key: string;
  /** Header `type`, or undefined on records of other writers. */
  readonly type: string | undefined;
  /** Header `sequence`, `<epoch>.<n>.<serial>`, or undefined where the topic carries none. */
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
  /**
   * Place among all that the writer recorded in this epoch, over its topics and partitions: 1, 2, 3 … in the order of recording. From it a
   * rebuild sees whether one partition lacks what came before something that another has. Readers of events have no use for it.
   */
  readonly serial?: number;
}

export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}
