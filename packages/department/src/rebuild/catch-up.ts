import { decodeEvent } from '@instep/contracts';
import type { EventLog } from '@instep/event-log';

import type { DepartmentDefinition } from '../department-definition.ts';
import { indexDepartment } from '../department-index.ts';
import { StoreUnavailable } from '../faults.ts';
import type { Position, Store } from '../store.ts';
import { LogFold } from './log-fold.ts';

export interface CatchUpParts {
  readonly definition: DepartmentDefinition;
  readonly log: EventLog;
  /** The database that is behind the log. Nothing is written to it. */
  readonly restored: Store;
  /** A store with empty tables, to be put in the place of the restored one. */
  readonly fresh: Store;
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
export async function catchUp({ definition, log, restored, fresh, progress }: CatchUpParts): Promise<CaughtUp> {
  const lease = await restored.outbox.lease();
  if (!lease) throw new StoreUnavailable('another process sends from the database that was restored');
  try {
    const fold = new LogFold({ index: indexDepartment(definition), log, store: fresh, ...(progress && { progress }) });
    const unsent = await lease.next([], everything);
    const ids = unsent.map(({ value }) => decodeEvent(Buffer.from(value)).id);
    const carriedOver = await fold.ownTopicsAnd(unsent, ids);
    const epoch = await fold.writeOwn({ raiseEpoch: true, above: (await lease.ledger()).epoch });
    await fold.foreignTopics(await positionsOf(restored, definition, log), 'certain');
    await fold.passPositions();
    return { folded: fold.folded(), carriedOver, missing: fold.missing(), epoch };
  } finally {
    await lease.release();
  }
}

/** All that led the restored database this far is in it or in its outbox: it has not to be read again. */
async function positionsOf(store: Store, { consumer, topics }: DepartmentDefinition, log: EventLog): Promise<readonly Position[]> {
  const positions = [];
  for (const topic of topics) for (const { partition } of await log.bounds(topic)) positions.push({ topic, partition });
  return (await store.load({ consumer, positions, streams: [], rows: [], keys: [], requests: [] })).positions;
}
