import type { Sequence, TopicPartition } from '@instep/event-log';

import type { Row, RowKey } from './table.ts';

/**
 * A department's own database, as far as the runtime needs it. Every adapter passes the suite in `./conformance`.
 * Faults: `StoreUnavailable` (try again later; a commit may or may not have happened), `StoreConflict` (somebody else was there: load
 * again), `RowRejected` (the database refuses a value: never retried as it is), `StoreReplaced` (another copy of the data than the trusted one).
 */
export interface Store {
  /** All that a unit of work needs, in one round trip. */
  load(request: LoadRequest): Promise<Loaded>;
  /**
   * Writes a unit of work whole or not at all. Every stream and view row carries the version it was loaded at, every position the offset
   * it was loaded at; when one of them moved, nothing is written and StoreConflict says so.
   */
  commit(unit: UnitOfWork): Promise<void>;
  /**
   * Every stream, page by page, in an order of the store's own: the streams behind `after` (the last one of the page before), at most
   * `limit`. For work over the whole store, such as a rebuild; never on the way of an event.
   */
  scanStreams(after: StreamKey | undefined, limit: number): Promise<readonly StoredStream[]>;
  /**
   * Which copy of the data answers, and what the relay's ledger says in it, read together. The incarnation is another after anything that may
   * have put another copy in place: a restart of the server, a fail-over, a restore, a schema that was switched.
   */
  inspect(): Promise<Inspection>;
  readonly outbox: OutboxStore;
  readonly parked: ParkedStore;
}

export interface Inspection {
  readonly incarnation: string;
  readonly ledger: RelayLedger;
}

export interface StoredStream extends StreamKey {
  readonly version: number;
  readonly state: unknown;
}

export interface StreamKey {
  readonly tenant: string;
  readonly stream: string;
  readonly id: string;
}

export interface LoadRequest {
  /** Only from this copy of the data, else StoreReplaced. Any will do when absent. */
  readonly incarnation?: string | undefined;
  readonly consumer: string;
  readonly positions: readonly TopicPartition[];
  readonly streams: readonly StreamKey[];
  readonly rows: readonly { readonly table: string; readonly keys: readonly RowKey[] }[];
  /** Keys of the log whose parked state matters. */
  readonly keys: readonly { readonly topic: string; readonly key: string }[];
  readonly requests: readonly { readonly tenant: string; readonly key: string }[];
}

export interface Loaded {
  /** In the order asked for; a partition never read has offset 0 and sequence 0. */
  readonly positions: readonly Position[];
  /** Only those that exist. */
  readonly streams: readonly StoredStream[];
  /** Only those that exist, with the version that a commit must name. */
  readonly rows: readonly { readonly table: string; readonly key: RowKey; readonly row: Row; readonly version: number }[];
  /** Those of the keys asked for that are parked. */
  readonly parkedKeys: readonly { readonly topic: string; readonly key: string }[];
  readonly requests: readonly (AnsweredRequest & { readonly tenant: string })[];
}

/** How far a consumer has applied one partition. `lastSequence.n` is 0 before the first record and on topics without numbers. */
export interface Position extends TopicPartition {
  readonly nextOffset: number;
  readonly lastSequence: Sequence;
}

export interface AnsweredRequest {
  readonly key: string;
  /** Hash of the request, so that the same key with other content is told apart. */
  readonly hash: string;
  /** JSON of the answer. */
  readonly answer: string;
}

export interface UnitOfWork {
  /** As in the request that it was loaded with. */
  readonly incarnation?: string | undefined;
  readonly consumer: string;
  readonly positions: readonly { readonly from: Position; readonly to: Position }[];
  /** `loadedVersion` 0: must not exist yet. */
  readonly streams: readonly (StreamKey & { readonly loadedVersion: number; readonly version: number; readonly state: unknown })[];
  readonly rows: readonly RowWrite[];
  readonly outbox: readonly OutboxEvent[];
  readonly requests: readonly (AnsweredRequest & { readonly tenant: string })[];
  readonly parked: readonly ParkedRecord[];
  /** Parked records that were applied by this unit: they must still be there. */
  readonly redriven: readonly { readonly topic: string; readonly key: string; readonly n: number }[];
}

export type RowWrite =
  /** Of a view: compare-and-set on the version (0: must not exist). */
  | { readonly kind: 'view'; readonly table: string; readonly row: Row; readonly loadedVersion: number }
  /** Of a state table: replaces the row; the stream's version guards it. */
  | { readonly kind: 'state'; readonly table: string; readonly row: Row }
  /** Of a journal: added; there already means StoreConflict. */
  | { readonly kind: 'journal'; readonly table: string; readonly row: Row };

export interface OutboxEvent {
  readonly topic: string;
  readonly partition: number;
  readonly key: string;
  readonly type: string;
  /** The event's bytes as they go on the wire. */
  readonly value: string;
}

export interface OutboxRow extends OutboxEvent {
  /** Rises in the order of recording within a stream. */
  readonly id: number;
  /** Milliseconds since 1970. */
  readonly recordedAt: number;
}

/**
 * The relay's side. At most one holder of the lease sends; a former holder can only send again what the ledger says, because
 * `allot` compares the generation.
 */
export interface OutboxStore {
  /** Undefined when another process holds it. Lost when the session is lost: `held()` is false then. */
  lease(): Promise<OutboxLease | undefined>;
  /** Rows waiting and age of the oldest in seconds, for metrics. */
  backlog(): Promise<{ readonly rows: number; readonly oldestSeconds: number }>;
}

export interface OutboxLease {
  held(): boolean;
  ledger(): Promise<RelayLedger>;
  /** Removes rows that the log has acknowledged and gives the next ones, oldest first, in one statement. */
  next(acknowledged: readonly number[], limit: number): Promise<readonly OutboxRow[]>;
  /** The rows with these ids that are still there, for sending again after a crash. */
  rows(ids: readonly number[]): Promise<readonly OutboxRow[]>;
  /** Stores numbers before the first byte is sent. False when another generation was at work: stop sending. */
  allot(ledger: RelayLedger): Promise<boolean>;
  release(): Promise<void>;
}

export interface RelayLedger {
  /** The stored one; `allot` writes generation + 1 and only if the stored one is still this. */
  readonly generation: number;
  readonly epoch: number;
  /** Numbers given in this epoch, over all topic-partitions. */
  readonly serial: number;
  /** Last number given per topic-partition. */
  readonly counters: readonly (TopicPartition & { readonly n: number })[];
  /** What was given out and perhaps sent, in the order of recording: the last one has the serial above. */
  readonly inFlight: readonly { readonly id: number; readonly n: number }[];
}

/** A record that could not be applied, or that follows one of its key. Kept as it came. */
export interface ParkedRecord extends TopicPartition {
  readonly consumer: string;
  readonly offset: number;
  readonly key: string;
  readonly type: string | null;
  readonly sequence: Sequence | null;
  readonly value: Buffer;
  /** `follows` for a record that is parked only because an earlier one of its key is. */
  readonly code: string;
  readonly reason: string;
  readonly parkedAt: number;
}

export interface ParkedStore {
  /** First record and count of each parked key, oldest first; of those only that are parked for this `code`, when there is one. */
  list(
    consumer: string,
    limit: number,
    code?: string,
  ): Promise<readonly (ParkedRecord & { readonly n: number; readonly waiting: number })[]>;
  /** The records of one key, in order. */
  read(consumer: string, topic: string, key: string, limit: number): Promise<readonly (ParkedRecord & { readonly n: number })[]>;
  count(consumer: string): Promise<{ readonly keys: number; readonly records: number }>;
}
