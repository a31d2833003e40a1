import type { Command, Refusal } from '@instep/decider';

import type { Mend } from './mended-record.ts';

/** Who asks, and under which key: one request has one effect, however often it comes. */
export interface RequestContext {
  readonly tenant: string;
  readonly actor: string;
  readonly idempotencyKey: string;
  /** Hash over what is asked for. The same key with another hash is `RequestConflict`. */
  readonly requestHash: string;
  /** When it happened, if the caller knows better than the clock. ISO 8601, UTC. */
  readonly time?: string;
  readonly correlationId?: string;
  readonly traceparent?: string;
}

export interface RecordedEvent {
  readonly id: string;
  readonly type: string;
  readonly stream: string;
  readonly streamId: string;
  readonly version: number;
}

/** What came of a request. `replayed`: the answer is the one of an earlier, equal request. */
export type Outcome =
  | { readonly kind: 'done'; readonly events: readonly RecordedEvent[]; readonly replayed: boolean }
  | { readonly kind: 'refused'; readonly refusal: Refusal; readonly replayed: boolean };

/** The key was used for a request with other content. Recognised by `code`. */
export class RequestConflict extends Error {
  readonly code = 'request/other-content';
  readonly transient = false;
}

export interface DepartmentStatus {
  readonly running: boolean;
  /** The consumer is in its group and its poll loop turns. */
  readonly consuming: boolean;
  /** Why writing or reading stands still at the moment, in words; empty when all goes on. */
  readonly troubles: readonly string[];
  readonly partitions: readonly PartitionStatus[];
  readonly outboxRows: number;
  readonly outboxOldestSeconds: number;
  readonly parkedKeys: number;
  readonly parkedRecords: number;
  readonly counters: Readonly<Record<CounterName, number>>;
}

export type CounterName =
  | 'eventsApplied'
  | 'eventsSkipped'
  | 'eventsDuplicate'
  | 'eventsParked'
  | 'commandsAccepted'
  | 'commandsRefused'
  | 'eventsRecorded'
  | 'eventsRelayed'
  | 'unitsCommitted'
  | 'unitsRepeated';

export interface PartitionStatus {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
  readonly logEnd: number;
  /** Age of the oldest record not yet applied, 0 when there is none. */
  readonly lagSeconds: number;
  readonly state: 'reading' | 'paused' | 'stopped';
}

/** How many records of the key were applied and are left, and why the next one was not. */
export interface Redrive {
  readonly applied: number;
  readonly left: number;
  readonly reason?: string;
}

/** How a redrive would begin. */
export interface Rehearsal {
  readonly applies: boolean;
  /** Why it would fail again. */
  readonly reason?: string;
  /** Events that it would lead to, the note in the log that it was redriven included. */
  readonly events: number;
}

/** A running department: its consumer, its relay and the way in for requests. */
export interface Department {
  /** Decides one command, durable when it resolves. Rejects with RequestConflict, StoreUnavailable or a defect. */
  execute(command: Command, request: RequestContext): Promise<Outcome>;
  /** Starts relay and consumer. Resolves when the group is joined. */
  start(): Promise<void>;
  /** Drains: takes nothing new, finishes what is under way, sends the outbox as far as the deadline allows, leaves the group. */
  stop(deadlineMs: number): Promise<void>;
  status(): DepartmentStatus;
  /**
   * Applies the parked records of one key in order; stops at the first that fails again. `mend`: other bytes in the place of the first one's,
   * which the log then tells together with who mended them and why.
   */
  redrive(topic: string, key: string, mend?: Mend): Promise<Redrive>;
  /** What would come of redriving the first parked record of this key, as things are; nothing is changed. Undefined when the key is not parked. */
  rehearse(topic: string, key: string, mend?: Mend): Promise<Rehearsal | undefined>;
}
