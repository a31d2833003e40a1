import { decodeEvent } from '@instep/contracts';
import { partitionName, type EventLog } from '@instep/event-log';

import type { DepartmentDefinition } from '../department-definition.ts';
import { indexDepartment } from '../department-index.ts';
import { StoreUnavailable } from '../faults.ts';
import type { Clock, Ids } from '../ports.ts';
import type { Position, Store } from '../store.ts';
import { systemClock, systemIds } from '../system-ports.ts';
import { runUnit } from '../unit-of-work.ts';
import type { UnitParts } from '../unit-of-work.ts';
import { LogFold } from './log-fold.ts';
import { batchSize, LogIncomplete } from './log-reading.ts';

export interface CatchUpParts {
  readonly definition: DepartmentDefinition;
  readonly log: EventLog;
  /** The database that is behind the log. Nothing is written to it. */
  readonly restored: Store;
  /** A store with empty tables, to be put in the place of the restored one. */
  readonly fresh: Store;
  /** For what is decided again; the real ones when absent. */
  readonly clock?: Clock;
  readonly ids?: Ids;
  /** Called after every batch: events folded so far and events to fold as far as known. What it throws ends the work. */
  progress?(done: number, total: number): void;
}

export interface CaughtUp {
  readonly folded: number;
  /** Events of the restored outbox that the log did not hold: they will be sent. */
  readonly carriedOver: number;
  /**
   * Events that never reached the log although others, recorded after them, did. What led to them is decided again, except for a request.
   * Those carried over are among them.
   */
  readonly missing: number;
  /** The raised one, in which `fresh` goes on. */
  readonly epoch: number;
}

const everything = Number.MAX_SAFE_INTEGER;

/**
 * Builds `fresh` from the log so that a service can go on with it in the place of a database that was restored to an earlier time. Nothing
 * that reached the log is lost or repeated. Ends without a trace in `restored`, so that it can be begun again with another `fresh`.
 * Rejects with StoreUnavailable while another process sends from the restored database, and with LogIncomplete when the log has a gap.
 */
export async function catchUp({
  definition,
  log,
  restored,
  fresh,
  progress,
  clock = systemClock,
  ids = systemIds,
}: CatchUpParts): Promise<CaughtUp> {
  const lease = await restored.outbox.lease();
  if (!lease) throw new StoreUnavailable('another process sends from the database that was restored');
  try {
    const index = indexDepartment(definition);
    const fold = new LogFold({ index, log, store: fresh, ...(progress && { progress }) });
    const unsent = await lease.next([], everything);
    const unsentIds = unsent.map(({ value }) => decodeEvent(Buffer.from(value)).id);
    const carriedOver = await fold.ownTopicsAnd(unsent, unsentIds);
    const epoch = await fold.writeOwn({ raiseEpoch: true, above: (await lease.ledger()).epoch });
    await fold.foreignTopics(await positionsOf(restored, definition, log), 'certain');
    await decideMissing({ index, store: fresh, clock, ids }, log, fold);
    await fold.passPositions();
    return { folded: fold.folded(), carriedOver, missing: fold.missing(), epoch };
  } finally {
    await lease.release();
  }
}

/** Reads on to the last input whose events are in the log, and decides those in between whose events are not. */
async function decideMissing(parts: UnitParts, log: EventLog, fold: LogFold): Promise<void> {
  const decided = fold.decided();
  const positions = new Map(fold.positions().map((position) => [partitionName(position), position.nextOffset]));
  for (const { topic, partition, nextOffset } of decided.ends()) {
    const from = positions.get(partitionName({ topic, partition })) ?? 0;
    if (from >= nextOffset) continue;
    for await (const records of log.read({ topic, partition }, from, nextOffset)) {
      for (let at = 0; at < records.length; at += batchSize) {
        const slice = { topic, partition, records: records.slice(at, at + batchSize), logEnd: nextOffset };
        const { slices } = await runUnit(parts, { slices: [slice], requests: [], decided: (record) => decided.has(record) });
        const why = slices[0]?.gap ?? slices[0]?.alarm;
        if (why !== undefined) throw new LogIncomplete(why);
      }
    }
  }
}

/** All that led the restored database this far is in it or in its outbox: it has not to be read again. */
async function positionsOf(store: Store, { consumer, topics }: DepartmentDefinition, log: EventLog): Promise<readonly Position[]> {
  const positions = [];
  for (const topic of topics) for (const { partition } of await log.bounds(topic)) positions.push({ topic, partition });
  return (await store.load({ consumer, positions, streams: [], rows: [], keys: [], requests: [] })).positions;
}
