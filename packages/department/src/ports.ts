import type { TopicPartition } from '@instep/event-log';

/** Time, as the runtime needs it. Replaced in simulation. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Resolves after so many milliseconds, earlier when the signal aborts; never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface Ids {
  /** A new unique id for an event. */
  next(): string;
}

/** What the runtime tells about itself. Never events, commands or anything personal. */
/** Told what each unit of work did, once it is committed: for traces and figures. Must not throw. */
export interface UnitObserver {
  unit(done: UnitDone): void;
}

export interface UnitDone {
  /** Milliseconds since 1970: from the first record at hand to the commit's answer. */
  readonly startedAt: number;
  readonly endedAt: number;
  /** What was applied of the log, in order within a partition. */
  readonly applied: readonly AppliedRecord[];
  readonly requests: number;
  /** Events recorded. */
  readonly recorded: number;
  /** How often it was decided anew because somebody else was faster. */
  readonly repeats: number;
}

export interface AppliedRecord extends TopicPartition {
  readonly offset: number;
  readonly type: string;
  readonly eventId: string;
  readonly tenant: string;
  readonly streamId: string;
  /** Milliseconds since 1970 at which the log took it. */
  readonly timestamp: number;
  /** The span that recorded the event, and the span of its application here, which is the parent of all that it leads to. */
  readonly traceparent: string | undefined;
  readonly appliedAs: string | undefined;
  readonly tracestate: string | undefined;
}

export interface RuntimeLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}
