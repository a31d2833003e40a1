import { topics } from '@instep/contracts';
import { StoreUnavailable, type OutboxLease, type OutboxStore, type ParkedStore, type Store } from '@instep/department';
import { LogUnavailable, type EventLog, type LogRecord } from '@instep/event-log';

import type { Failpoints } from './failpoints.ts';

const logBroken = (): Error => new LogUnavailable('the connection broke (failpoint)');
const storeBroken = (): Error => new StoreUnavailable('the connection broke (failpoint)');

/** The log with a point before and after each of its calls. Closing has none. */
export function failingLog(log: EventLog, points: Failpoints): EventLog {
  return {
    append: (target, records) => points.around(appendCall(target.topic), () => log.append(target, records), logBroken),
    partitionFor: (topic, key) => log.partitionFor(topic, key),
    bounds: (topic) => points.around('log.bounds', () => log.bounds(topic), logBroken),
    read: (target, from, to) => failingRead(log.read(target, from, to), points),
    consume: (subscription) =>
      log.consume({
        ...subscription,
        // A consumer that cannot say where to go on, or loses its answer, ends its process: so does a broken connection here.
        startAt: (assigned) => points.around('log.start-at', () => subscription.startAt(assigned), logBroken),
        onSlice: async (slice) => {
          const again = { kind: 'pause', nextOffset: slice.records[0]?.offset ?? 0, ms: 0 } as const;
          if (points.pass('log.slice', 'before')) return again;
          const answer = await subscription.onSlice(slice);
          return points.pass('log.slice', 'after') ? again : answer;
        },
      }),
    close: () => log.close(),
  };
}

const rawTopics: ReadonlySet<string> = new Set(
  Object.values(topics)
    .filter(({ sequenced }) => !sequenced)
    .map(({ name }) => name),
);

function appendCall(topic: string): 'log.append' | 'log.append-raw' {
  return rawTopics.has(topic) ? 'log.append-raw' : 'log.append';
}

async function* failingRead(batches: AsyncIterable<readonly LogRecord[]>, points: Failpoints): AsyncIterable<readonly LogRecord[]> {
  if (points.pass('log.read', 'before')) throw logBroken();
  yield* batches;
  if (points.pass('log.read', 'after')) throw logBroken();
}

/** The store, its outbox and its parked records with a point before and after each call. */
export function failingStore(store: Store, points: Failpoints): Store {
  return {
    load: (request) => points.around('store.load', () => store.load(request), storeBroken),
    commit: (unit) => points.around('store.commit', () => store.commit(unit), storeBroken),
    scanStreams: (after, limit) => points.around('store.scan-streams', () => store.scanStreams(after, limit), storeBroken),
    inspect: () => points.around('store.inspect', () => store.inspect(), storeBroken),
    outbox: failingOutbox(store.outbox, points),
    parked: failingParked(store.parked, points),
  };
}

function failingOutbox(outbox: OutboxStore, points: Failpoints): OutboxStore {
  return {
    lease: async () => {
      const lease = await points.around('outbox.lease', () => outbox.lease(), storeBroken);
      return lease && failingLease(lease, points);
    },
    backlog: () => points.around('outbox.backlog', () => outbox.backlog(), storeBroken),
  };
}

function failingLease(lease: OutboxLease, points: Failpoints): OutboxLease {
  return {
    held: () => lease.held(),
    ledger: () => points.around('outbox.ledger', () => lease.ledger(), storeBroken),
    next: (acknowledged, limit) => points.around('outbox.next', () => lease.next(acknowledged, limit), storeBroken),
    rows: (ids) => points.around('outbox.rows', () => lease.rows(ids), storeBroken),
    allot: (ledger) => points.around('outbox.allot', () => lease.allot(ledger), storeBroken),
    release: () => points.around('outbox.release', () => lease.release(), storeBroken),
  };
}

function failingParked(parked: ParkedStore, points: Failpoints): ParkedStore {
  return {
    list: (...asked) => points.around('parked.list', () => parked.list(...asked), storeBroken),
    read: (consumer, topic, key, limit) => points.around('parked.read', () => parked.read(consumer, topic, key, limit), storeBroken),
    count: (consumer) => points.around('parked.count', () => parked.count(consumer), storeBroken),
  };
}
