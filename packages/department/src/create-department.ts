import type { ServiceName } from '@instep/contracts';
import { topics } from '@instep/contracts';
import type { Consumption, EventLog, Slice, SliceAnswer, TopicPartition } from '@instep/event-log';

import type { CounterName, Department, DepartmentStatus, PartitionStatus } from './department.ts';
import type { DepartmentDefinition } from './department-definition.ts';
import { indexDepartment } from './department-index.ts';
import type { Clock, Ids, RuntimeLog } from './ports.ts';
import { Relay } from './relay.ts';
import { runtimeTenant, sayPosition } from './runtime-streams.ts';
import type { Store } from './store.ts';
import type { UnitResult } from './unit-of-work.ts';
import { WorkLoop } from './work-loop.ts';

export interface DepartmentParts {
  readonly definition: DepartmentDefinition;
  readonly log: EventLog;
  readonly store: Store;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly runtimeLog: RuntimeLog;
  /** The consumption is dead for good: end the process. */
  onCrash(error: Error): void;
}

interface Progress {
  readonly topic: string;
  readonly partition: number;
  nextOffset: number;
  logEnd: number;
  /** Timestamp of the newest applied record, in milliseconds since 1970. */
  appliedAt: number;
  state: PartitionStatus['state'];
  /** Where the log knows this consumer to be, by events that it caused. */
  saidOffset: number;
  movedAt: number;
}

const positionEveryMs = 1_000;
const redriveBatch = 500;

/** Topics that a service writes and whose records its relay numbers. */
export function ownTopics(service: ServiceName): readonly string[] {
  return Object.values(topics)
    .filter((topic) => topic.owner === service && topic.sequenced)
    .map(({ name }) => name);
}

/** Puts a definition between a log and a store. Nothing runs before `start`, except that requests are served at once. */
export function createDepartment(parts: DepartmentParts): Department {
  const { definition, log, store, clock, ids, runtimeLog } = parts;
  const index = indexDepartment(definition);
  const progress = new Map<string, Progress>();
  const troubles = new Map<string, string>();
  const counters: Record<CounterName, number> = {
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
  let consumption: Consumption | undefined;
  let running = false;
  let backlog = { rows: 0, oldestSeconds: 0 };
  let parked = { keys: 0, records: 0 };
  const ending = new AbortController();

  const relay = new Relay({
    log,
    outbox: store.outbox,
    clock,
    runtimeLog,
    topics: ownTopics(definition.service),
    relayed: (rows) => {
      counters.eventsRelayed += rows;
    },
    trouble: (why) => {
      setTrouble('relay', why);
    },
  });

  const loop = new WorkLoop(
    { index, store, clock, ids },
    {
      committed,
      stopped: (slice, why) => {
        const part = progress.get(nameOf(slice));
        if (part) part.state = 'stopped';
        setTrouble(`partition ${nameOf(slice)}`, why);
        runtimeLog.error({ topic: slice.topic, partition: slice.partition }, `reading stopped: ${why}`);
      },
      trouble: (why) => {
        setTrouble('store', why);
      },
    },
    runtimeLog,
  );

  function setTrouble(what: string, why: string | undefined): void {
    if (why === undefined) troubles.delete(what);
    else troubles.set(what, why);
  }

  function committed(result: UnitResult): void {
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
      parked = end.parked > 0 ? { keys: parked.keys + 1, records: parked.records + end.parked } : parked;
      const part = progress.get(nameOf(end.slice));
      if (!part || end.alarm !== undefined) continue;
      part.nextOffset = end.position.nextOffset;
      part.logEnd = Math.max(end.slice.logEnd, part.nextOffset);
      part.appliedAt = end.slice.records.at(-1)?.timestamp ?? part.appliedAt;
      part.movedAt = clock.now();
      part.state = 'reading';
    }
    for (const [name, offset] of result.causedBy) {
      const part = progress.get(name);
      if (part) part.saidOffset = offset + 1;
    }
    if (result.recorded > 0) relay.wake();
  }

  async function startAt(assigned: readonly TopicPartition[]) {
    const { positions } = await store.load({ consumer: definition.consumer, positions: assigned, streams: [], rows: [], keys: [], requests: [] });
    progress.clear();
    for (const { topic, partition, nextOffset } of positions) {
      progress.set(nameOf({ topic, partition }), {
        topic,
        partition,
        nextOffset,
        logEnd: nextOffset,
        appliedAt: 0,
        state: 'reading',
        saidOffset: nextOffset,
        movedAt: clock.now(),
      });
    }
    return positions.map(({ topic, partition, nextOffset }) => ({ topic, partition, nextOffset }));
  }

  async function onSlice(slice: Slice): Promise<SliceAnswer> {
    const part = progress.get(nameOf(slice));
    if (part) part.logEnd = slice.logEnd;
    const answer = await loop.slice(slice);
    if (part && answer.kind === 'pause') part.state = 'paused';
    return answer;
  }

  /** Every second: where reading went on without causing an event, say so in the log; and count what waits. */
  async function everySecond(): Promise<void> {
    while (!ending.signal.aborted) {
      await clock.sleep(positionEveryMs, ending.signal);
      if (ending.signal.aborted) return;
      try {
        await sayPositions();
        backlog = await store.outbox.backlog();
        parked = await store.parked.count(definition.consumer);
      } catch {
        // The loop and the relay report the same trouble with more detail.
      }
    }
  }

  async function sayPositions(): Promise<void> {
    const silent = [...progress.values()].filter((part) => part.nextOffset > part.saidOffset && clock.now() - part.movedAt >= positionEveryMs);
    if (silent.length === 0) return;
    const positions = silent.map(({ topic, partition, nextOffset }) => ({ topic, partition, nextOffset }));
    await loop.request({
      internal: true,
      command: sayPosition({ service: definition.service, consumer: definition.consumer, positions }),
      request: { tenant: runtimeTenant, actor: `system/${definition.service}`, idempotencyKey: `position/${ids.next()}`, requestHash: '' },
    });
    silent.forEach((part, at) => {
      part.saidOffset = positions[at]?.nextOffset ?? part.saidOffset;
    });
  }

  function status(): DepartmentStatus {
    const now = clock.now();
    return {
      running,
      consuming: consumption?.healthy() ?? false,
      troubles: [...troubles].map(([what, why]) => `${what}: ${why}`),
      partitions: [...progress.values()].map(({ topic, partition, nextOffset, logEnd, appliedAt, state }) => ({
        topic,
        partition,
        nextOffset,
        logEnd,
        lagSeconds: logEnd > nextOffset && appliedAt > 0 ? Math.max(0, (now - appliedAt) / 1_000) : 0,
        state,
      })),
      outboxRows: backlog.rows,
      outboxOldestSeconds: backlog.oldestSeconds,
      parkedKeys: parked.keys,
      parkedRecords: parked.records,
      counters,
    };
  }

  return {
    execute: (command, request) => loop.request({ command, request }),
    async start() {
      running = true;
      relay.start();
      void everySecond();
      if (definition.topics.length === 0) return;
      consumption = await log.consume({ group: definition.consumer, topics: definition.topics, startAt, onSlice, onCrash: parts.onCrash });
    },
    async stop(deadlineMs) {
      const until = clock.now() + deadlineMs;
      running = false;
      ending.abort();
      await consumption?.stop(Math.max(0, until - clock.now()));
      await loop.idle();
      await relay.stop(Math.max(0, until - clock.now()));
    },
    status,
    async redrive(topic, key) {
      let applied = 0;
      for (;;) {
        const waiting = await store.parked.read(definition.consumer, topic, key, redriveBatch);
        if (waiting.length === 0) break;
        for (const record of waiting) {
          const end = await loop.redrive(record);
          if (!end.applied) {
            parked = await store.parked.count(definition.consumer);
            return { applied, left: waiting.length - waiting.indexOf(record), reason: end.reason };
          }
          applied += 1;
        }
      }
      parked = await store.parked.count(definition.consumer);
      return { applied, left: 0 };
    },
  };
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${String(partition)}`;
}
