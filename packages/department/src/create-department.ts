import type { ServiceName } from '@instep/contracts';
import { topics } from '@instep/contracts';
import type { Command } from '@instep/decider';
import { partitionName, type Consumption, type EventLog, type Slice, type SliceAnswer, type TopicPartition } from '@instep/event-log';

import type { CounterName, Department, DepartmentStatus, Outcome, Redrive, Rehearsal, RequestContext } from './department.ts';
import type { DepartmentDefinition } from './department-definition.ts';
import { indexDepartment } from './department-index.ts';
import { DatabaseBehindLog, type LogBehindDatabase } from './compare-with-log.ts';
import { RowRejected, StoreReplaced } from './faults.ts';
import type { Clock, Ids, RuntimeLog, UnitObserver } from './ports.ts';
import { mendedRecord, type Mend } from './mended-record.ts';
import { Progress } from './progress.ts';
import { isReadableNow, unknownVersion } from './readable-now.ts';
import { Relay } from './relay.ts';
import { runtimeTenant, sayPosition } from './runtime-streams.ts';
import type { ParkedRecord, Position, Store } from './store.ts';
import { TrustedDatabase } from './trusted-database.ts';
import type { UnitResult } from './unit-of-work.ts';
import { WorkLoop } from './work-loop.ts';

export interface DepartmentParts {
  readonly definition: DepartmentDefinition;
  readonly log: EventLog;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly runtimeLog: RuntimeLog;
  readonly observer?: UnitObserver;
  /**
   * Nothing goes on: the consumption is dead for good, or the database was replaced by an older one (DatabaseBehindLog, see `catchUp`). End
   * the process, or stop this department and make another. Called once.
   */
  onCrash(error: Error): void;
}

const everyMs = 1_000;
/** What waits is counted every so many seconds: for metrics, nothing hangs on it. */
const countEvery = 5;
const redriveBatch = 500;

/** Topics that a service writes and whose records its relay numbers. */
export function ownTopics(service: ServiceName): readonly string[] {
  return Object.values(topics)
    .filter((topic) => topic.owner === service && topic.sequenced)
    .map(({ name }) => name);
}

/**
 * Puts a definition between a log and a store. Nothing runs before `start`, except that requests are served at once. `start` rejects with
 * DatabaseBehindLog when the database was restored to an earlier time, and nothing is decided on it: see `catchUp`.
 */
export function createDepartment(parts: DepartmentParts): Department {
  return new RunningDepartment(parts);
}

class RunningDepartment implements Department {
  readonly #parts: DepartmentParts;
  readonly #database: TrustedDatabase;
  readonly #relay: Relay;
  readonly #loop: WorkLoop;
  readonly #progress = new Progress();
  readonly #troubles = new Map<string, string>();
  readonly #ending = new AbortController();
  readonly #counters: Record<CounterName, number> = {
    eventsApplied: 0,
    eventsSkipped: 0,
    eventsDuplicate: 0,
    eventsParked: 0,
    commandsAccepted: 0,
    commandsRefused: 0,
    eventsRecorded: 0,
    eventsRelayed: 0,
    unitsCommitted: 0,
    unitsRepeated: 0,
  };
  #consumption: Consumption | undefined;
  #running = false;
  #crashed = false;
  #backlog = { rows: 0, oldestSeconds: 0 };
  #parked = { keys: 0, records: 0 };

  constructor(parts: DepartmentParts) {
    this.#parts = parts;
    const { definition, log, store, clock, ids, runtimeLog } = parts;
    const own = ownTopics(definition.service);
    this.#database = new TrustedDatabase({ log, store, topics: own });
    this.#relay = new Relay({
      log,
      outbox: store.outbox,
      clock,
      runtimeLog,
      topics: own,
      relayed: (rows) => (this.#counters.eventsRelayed += rows),
      trouble: (why) => this.#trouble('relay', why),
      behind: (error) => this.#behind(error),
    });
    const observer = {
      committed: (result: UnitResult, startedAt: number) => {
        this.#committed(result);
        this.#observed(result, startedAt);
      },
      stopped: (slice: Slice, why: string) => this.#stopped(slice, why),
      trouble: (why: string | undefined) => this.#trouble('store', why),
      behind: (error: DatabaseBehindLog) => this.#behind(error),
    };
    const index = indexDepartment(definition);
    this.#loop = new WorkLoop({ index, store, clock, ids, database: this.#database }, observer, runtimeLog);
  }

  execute(command: Command, request: RequestContext): Promise<Outcome> {
    return this.#loop.request({ command, request });
  }

  async start(): Promise<void> {
    const { definition, log } = this.#parts;
    await this.#database.incarnation();
    this.#running = true;
    this.#relay.start();
    void this.#everySecond();
    if (definition.topics.length === 0) return;
    this.#consumption = await log.consume({
      group: definition.consumer,
      topics: definition.topics,
      startAt: (assigned) => this.#startAt(assigned),
      onSlice: (slice) => this.#onSlice(slice),
      onCrash: (error) => this.#crash(error),
    });
  }

  async stop(deadlineMs: number): Promise<void> {
    const { clock } = this.#parts;
    const until = clock.now() + deadlineMs;
    this.#running = false;
    this.#ending.abort();
    await this.#consumption?.stop(Math.max(0, until - clock.now()));
    await this.#loop.idle();
    await this.#relay.stop(Math.max(0, until - clock.now()));
  }

  status(): DepartmentStatus {
    return {
      running: this.#running,
      consuming: this.#consumption?.healthy() ?? false,
      troubles: [...this.#troubles].map(([what, why]) => `${what}: ${why}`),
      partitions: this.#progress.status(this.#parts.clock.now()),
      outboxRows: this.#backlog.rows,
      outboxOldestSeconds: this.#backlog.oldestSeconds,
      parkedKeys: this.#parked.keys,
      parkedRecords: this.#parked.records,
      counters: this.#counters,
    };
  }

  async redrive(topic: string, key: string, mend?: Mend): Promise<Redrive> {
    const { store, definition } = this.#parts;
    let applied = 0;
    let mending = mend;
    try {
      for (;;) {
        const waiting = await store.parked.read(definition.consumer, topic, key, redriveBatch);
        if (waiting.length === 0) return { applied, left: 0 };
        for (const record of waiting) {
          const end = await this.#redriven(record, mending);
          if (!end.applied) return { applied, left: waiting.length - waiting.indexOf(record), reason: end.reason };
          mending = undefined;
          applied += 1;
        }
      }
    } finally {
      this.#parked = await store.parked.count(definition.consumer);
    }
  }

  /** What the database refuses is as unfit as what the domain does. */
  async #redriven(record: ParkedRecord & { readonly n: number }, mend: Mend | undefined): Promise<UnitResult['redriven']> {
    const mended = mend === undefined ? record : mendedRecord(record, mend);
    if (typeof mended === 'string') return { applied: false, reason: mended };
    try {
      return await this.#loop.redrive(mended);
    } catch (error) {
      if (error instanceof RowRejected) return { applied: false, reason: error.message };
      throw error;
    }
  }

  async rehearse(topic: string, key: string, mend?: Mend): Promise<Rehearsal | undefined> {
    const { store, definition } = this.#parts;
    const [first] = await store.parked.read(definition.consumer, topic, key, 1);
    if (!first) return undefined;
    const mended = mend === undefined ? first : mendedRecord(first, mend);
    if (typeof mended === 'string') return { applies: false, events: 0, reason: mended };
    const { applied, reason, recorded } = await this.#loop.redrive(mended, true);
    return { applies: applied, events: applied ? recorded : 0, ...(!applied && { reason }) };
  }

  async #startAt(assigned: readonly TopicPartition[]): Promise<readonly (TopicPartition & { readonly nextOffset: number })[]> {
    const { clock } = this.#parts;
    const positions = await this.#positionsOf(assigned);
    this.#progress.restart(positions, clock.now());
    return positions.map(({ topic, partition, nextOffset }) => ({ topic, partition, nextOffset }));
  }

  /** An assignment may come while the database is away: it waits, as everything else does. */
  async #positionsOf(assigned: readonly TopicPartition[]): Promise<readonly Position[]> {
    const { store, definition, clock, runtimeLog } = this.#parts;
    for (;;) {
      try {
        const { positions } = await store.load({
          incarnation: await this.#database.incarnation(),
          consumer: definition.consumer,
          positions: assigned,
          streams: [],
          rows: [],
          keys: [],
          requests: [],
        });
        this.#trouble('positions', undefined);
        return positions;
      } catch (error) {
        if (error instanceof DatabaseBehindLog) this.#behind(error);
        if (!isTransient(error) || this.#ending.signal.aborted) throw error;
        if (error instanceof StoreReplaced) this.#database.doubt();
        this.#trouble('positions', `the database does not answer (${error.message})`);
        runtimeLog.warn({ reason: error.message }, 'waiting for the database to say where to go on');
        await clock.sleep(everyMs, this.#ending.signal);
      }
    }
  }

  async #onSlice(slice: Slice): Promise<SliceAnswer> {
    this.#progress.seen(slice, slice.logEnd);
    const answer = await this.#loop.slice(slice);
    if (answer.kind === 'pause') this.#progress.mark(slice, 'paused');
    return answer;
  }

  #committed(result: UnitResult): void {
    const counters = this.#counters;
    counters.unitsCommitted += 1;
    counters.unitsRepeated += result.repeats;
    counters.commandsAccepted += result.accepted;
    counters.commandsRefused += result.refused;
    counters.eventsRecorded += result.recorded;
    for (const end of result.slices) {
      counters.eventsApplied += end.applied;
      counters.eventsSkipped += end.skipped;
      counters.eventsDuplicate += end.duplicates;
      counters.eventsParked += end.parked;
      this.#progress.apply(end, this.#parts.clock.now());
    }
    for (const [name, offset] of result.causedBy) this.#progress.said(name, offset);
    if (result.recorded > 0) this.#relay.wake();
  }

  #observed({ slices, requests, recorded, repeats }: UnitResult, startedAt: number): void {
    const { observer, clock } = this.#parts;
    const applied = slices.flatMap(({ alarm, records }) => (alarm === undefined ? records : []));
    observer?.unit({ startedAt, endedAt: clock.now(), applied, requests: requests.length, recorded, repeats });
  }

  #stopped(slice: Slice, why: string): void {
    this.#progress.mark(slice, 'stopped');
    this.#trouble(`partition ${partitionName(slice)}`, why);
    this.#parts.runtimeLog.error({ topic: slice.topic, partition: slice.partition }, `reading stopped: ${why}`);
  }

  /** Before the start nobody goes on, and `start` itself says so. */
  #behind(error: DatabaseBehindLog | LogBehindDatabase): void {
    this.#trouble('database', error.message);
    if (this.#running) this.#crash(error);
  }

  #crash(error: Error): void {
    if (this.#crashed) return;
    this.#crashed = true;
    this.#parts.onCrash(error);
  }

  #trouble(what: string, why: string | undefined): void {
    if (why === undefined) this.#troubles.delete(what);
    else this.#troubles.set(what, why);
  }

  /** Where reading went on without causing an event, say so in the log; and count what waits. */
  async #everySecond(): Promise<void> {
    const { store, definition, clock } = this.#parts;
    for (let second = 0; ; second += 1) {
      await clock.sleep(everyMs, this.#ending.signal);
      if (this.#ending.signal.aborted) return;
      try {
        await this.#sayPositions();
        if (second % countEvery !== 0) continue;
        await this.#assertNotSetBack();
        this.#backlog = await store.outbox.backlog();
        this.#parked = await store.parked.count(definition.consumer);
        if (this.#parked.keys > 0) await this.#redriveReadable();
      } catch {
        // The loop and the relay report the same trouble with more detail.
      }
    }
  }

  async #redriveReadable(): Promise<void> {
    const { store, definition, runtimeLog } = this.#parts;
    const parked = await store.parked.list(definition.consumer, redriveBatch, unknownVersion);
    for (const { topic, key } of parked.filter(isReadableNow)) {
      const { applied } = await this.redrive(topic, key);
      if (applied > 0) runtimeLog.info({ topic, applied }, 'this release reads what an older one had to park');
    }
  }

  /**
   * A database that was restored need not be behind the log: what was read meanwhile may have led to no event. Nobody would read that again
   * before something new comes, since reading has gone on from where it was.
   */
  async #assertNotSetBack(): Promise<void> {
    const { store, definition } = this.#parts;
    const read = this.#progress.applied();
    const { positions } = await store.load({
      consumer: definition.consumer,
      positions: read,
      streams: [],
      rows: [],
      keys: [],
      requests: [],
    });
    for (const [at, { topic, partition, nextOffset }] of read.entries()) {
      const stored = positions[at]?.nextOffset ?? nextOffset;
      if (stored >= nextOffset) continue;
      const where = partitionName({ topic, partition });
      this.#crash(
        new DatabaseBehindLog(
          `the database is at ${String(stored)} of ${where}, which was read to ${String(nextOffset)}: it was restored to an earlier time`,
        ),
      );
    }
  }

  async #sayPositions(): Promise<void> {
    const { definition, clock, ids } = this.#parts;
    const positions = this.#progress.silent(clock.now(), everyMs);
    if (positions.length === 0) return;
    const { service, consumer } = definition;
    await this.#loop.request({
      internal: true,
      command: sayPosition({ service, consumer, positions }),
      request: { tenant: runtimeTenant, actor: `system/${service}`, idempotencyKey: `position/${ids.next()}`, requestHash: '' },
    });
    for (const position of positions) this.#progress.said(partitionName(position), position.nextOffset - 1);
  }
}

function isTransient(error: unknown): error is Error {
  return error instanceof Error && 'transient' in error && error.transient === true;
}
