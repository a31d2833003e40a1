import type { Slice, SliceAnswer } from '@instep/event-log';

import type { Outcome } from './department.ts';
import { DatabaseBehindLog } from './compare-with-log.ts';
import { RowRejected, StoreReplaced, StoreUnavailable } from './faults.ts';
import type { RuntimeLog } from './ports.ts';
import type { MendedRecord } from './mended-record.ts';
import type { TrustedDatabase } from './trusted-database.ts';
import { runUnit } from './unit-of-work.ts';
import type { SliceEnd, UnitInput, UnitParts, UnitResult } from './unit-of-work.ts';
import type { RequestItem } from './work-items.ts';
import { noSequence } from './work-items.ts';

/** What came of one parked record, and how many events it led to. */
export type RedriveEnd = UnitResult['redriven'] & { readonly recorded: number };

type Job =
  | { readonly kind: 'slice'; readonly slice: Slice; settle(answer: SliceAnswer): void }
  | { readonly kind: 'request'; readonly item: RequestItem; settle(outcome: Outcome): void; fail(error: Error): void }
  | {
      readonly kind: 'redrive';
      readonly record: MendedRecord;
      readonly rehearsal: boolean;
      settle(end: RedriveEnd): void;
      fail(error: Error): void;
    };

export interface WorkLoopObserver {
  /** `startedAt` in milliseconds since 1970. */
  committed(result: UnitResult, startedAt: number): void;
  /** A partition will hand out nothing more until somebody looked at it. */
  stopped(slice: Slice, why: string): void;
  trouble(why: string | undefined): void;
  /** The database is older than the log: nothing is decided on it. */
  behind(error: DatabaseBehindLog): void;
}

export interface WorkLoopParts extends UnitParts {
  readonly database: TrustedDatabase;
}

const maxRecordsPerUnit = 1_000;
/** How often a unit begins anew because another copy of the database answered, before it waits like for any other that is away. */
const replacedLimit = 3;
const firstBackoffMs = 200;
const longestBackoffMs = 10_000;

/**
 * One unit of work at a time, made of ALL that waits: slices of every partition and requests. So the unit grows with the load, two slices of
 * one process never fight for a stream, and the database sees two round trips for all of it.
 */
export class WorkLoop {
  readonly #parts: WorkLoopParts;
  readonly #observer: WorkLoopObserver;
  readonly #log: RuntimeLog;
  readonly #queue: Job[] = [];
  #busy: Promise<void> | undefined;
  #failures = 0;

  constructor(parts: WorkLoopParts, observer: WorkLoopObserver, log: RuntimeLog) {
    this.#parts = parts;
    this.#observer = observer;
    this.#log = log;
  }

  slice(slice: Slice): Promise<SliceAnswer> {
    return new Promise((settle) => {
      this.#add({ kind: 'slice', slice, settle });
    });
  }

  request(item: RequestItem): Promise<Outcome> {
    return new Promise((settle, fail) => {
      this.#add({ kind: 'request', item, settle, fail });
    });
  }

  /** `rehearsal`: says what would come of it and changes nothing. */
  redrive(record: MendedRecord, rehearsal = false): Promise<RedriveEnd> {
    return new Promise((settle, fail) => {
      this.#add({ kind: 'redrive', record, rehearsal, settle, fail });
    });
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#busy) await this.#busy;
  }

  #add(job: Job): void {
    this.#queue.push(job);
    this.#busy ??= this.#run();
  }

  async #run(): Promise<void> {
    // Let everything that is ready in this turn of the event loop join the unit.
    await Promise.resolve();
    while (this.#queue.length > 0) await this.#process(this.#take());
    this.#busy = undefined;
  }

  #take(): Job[] {
    const jobs: Job[] = [];
    let records = 0;
    while (this.#queue.length > 0 && records < maxRecordsPerUnit) {
      const [next] = this.#queue;
      if (!next || (next.kind === 'redrive' && jobs.length > 0)) break;
      this.#queue.shift();
      jobs.push(next);
      records += next.kind === 'slice' ? next.slice.records.length : 1;
      if (next.kind === 'redrive') break;
    }
    return jobs;
  }

  async #process(jobs: readonly Job[]): Promise<void> {
    const startedAt = this.#parts.clock.now();
    try {
      const result = await this.#unit(inputOf(jobs));
      this.#failures = 0;
      this.#observer.trouble(undefined);
      if (!jobs.some((job) => job.kind === 'redrive' && job.rehearsal)) this.#observer.committed(result, startedAt);
      this.#settle(jobs, result);
    } catch (error) {
      if (error instanceof RowRejected) await this.#isolate(jobs, error);
      else this.#putOff(jobs, error);
    }
  }

  /** Only on a database that was compared with the log. */
  async #unit(input: UnitInput): Promise<UnitResult> {
    const { database } = this.#parts;
    for (let tries = 1; ; tries += 1) {
      try {
        return await runUnit(this.#parts, { ...input, incarnation: await database.incarnation() });
      } catch (error) {
        if (!(error instanceof StoreReplaced)) throw error;
        database.doubt();
        if (tries >= replacedLimit) throw error;
      }
    }
  }

  #settle(jobs: readonly Job[], result: UnitResult): void {
    let [slice, request] = [0, 0];
    for (const job of jobs) {
      if (job.kind === 'redrive') job.settle({ ...result.redriven, recorded: result.recorded });
      else if (job.kind === 'slice') {
        const end = result.slices[slice++];
        if (end) job.settle(this.#answer(end));
      } else {
        const end = result.requests[request++];
        if (end?.kind === 'answered') job.settle(end.outcome);
        else if (end) job.fail(end.error);
      }
    }
  }

  #answer(end: SliceEnd): SliceAnswer {
    const why = end.alarm ?? end.gap;
    if (why === undefined) return { kind: 'continue', nextOffset: end.position.nextOffset };
    this.#observer.stopped(end.slice, why);
    return { kind: 'stop' };
  }

  /** The database refuses a value: halve until the record or request that leads to it is alone. */
  async #isolate(jobs: readonly Job[], error: RowRejected): Promise<void> {
    const [job] = jobs;
    if (jobs.length > 1 || !job) {
      for (const each of jobs) await this.#process([each]);
    } else if (job.kind !== 'slice') {
      job.fail(error);
    } else if (job.slice.records.length > 1) {
      await this.#halve(job);
    } else {
      await this.#forcePark(job, error);
    }
  }

  async #halve(job: Extract<Job, { kind: 'slice' }>): Promise<void> {
    const { slice } = job;
    const middle = Math.ceil(slice.records.length / 2);
    for (const records of [slice.records.slice(0, middle), slice.records.slice(middle)]) {
      let answer: SliceAnswer | undefined;
      await this.#process([{ kind: 'slice', slice: { ...slice, records }, settle: (given) => (answer = given) }]);
      if (answer?.kind !== 'continue' || records.at(-1) === slice.records.at(-1)) {
        job.settle(answer ?? { kind: 'pause', nextOffset: slice.records[0]?.offset ?? 0, ms: firstBackoffMs });
        return;
      }
    }
  }

  async #forcePark(job: Extract<Job, { kind: 'slice' }>, error: RowRejected): Promise<void> {
    const [record] = job.slice.records;
    if (!record) return;
    const { topic, partition, offset } = record;
    const startedAt = this.#parts.clock.now();
    try {
      const result = await this.#unit({
        slices: [job.slice],
        requests: [],
        forcePark: { topic, partition, offset, reason: error.message },
      });
      this.#observer.committed(result, startedAt);
      this.#settle([job], result);
    } catch (again) {
      this.#putOff([job], again);
    }
  }

  #putOff(jobs: readonly Job[], error: unknown): void {
    const cause = shown(error);
    const transient = 'transient' in cause && cause.transient === true;
    const ms = Math.min(firstBackoffMs * 2 ** this.#failures, longestBackoffMs);
    this.#failures += 1;
    const why = transient ? `${awayOf(cause)} (${cause.message})` : `a defect in the runtime (${cause.message})`;
    if (error instanceof DatabaseBehindLog) this.#observer.behind(error);
    this.#observer.trouble(why);
    if (transient) this.#log.warn({ attempt: this.#failures, retryInMs: ms }, why);
    else this.#log.error({ err: cause, attempt: this.#failures, retryInMs: ms }, why);
    for (const job of jobs) {
      if (job.kind === 'slice') job.settle({ kind: 'pause', nextOffset: job.slice.records[0]?.offset ?? 0, ms });
      else job.fail(cause);
    }
  }
}

/** Whoever asks can ask again, once the database has caught up. */
function shown(error: unknown): Error {
  if (error instanceof DatabaseBehindLog)
    return new StoreUnavailable('it was restored to an earlier time and catches up', { cause: error });
  return error instanceof Error ? error : new Error(String(error));
}

function awayOf(cause: Error): string {
  const { code } = cause as { readonly code?: unknown };
  return typeof code === 'string' && code.startsWith('log/') ? 'the log does not answer' : 'the database does not answer';
}

function inputOf(jobs: readonly Job[]): UnitInput {
  const [first] = jobs;
  if (first?.kind === 'redrive') {
    const { record } = first;
    return {
      slices: [],
      requests: [],
      redrive: {
        n: record.n,
        note: record.note,
        rehearsal: first.rehearsal,
        record: {
          topic: record.topic,
          partition: record.partition,
          offset: record.offset,
          key: record.key,
          type: record.type ?? undefined,
          sequence: record.sequence ?? noSequence,
          value: record.value,
          timestamp: record.parkedAt,
        },
      },
    };
  }
  return {
    slices: jobs.flatMap((job) => (job.kind === 'slice' ? [job.slice] : [])),
    requests: jobs.flatMap((job) => (job.kind === 'request' ? [job.item] : [])),
  };
}
