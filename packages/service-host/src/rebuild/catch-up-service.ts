import { catchUp, compareWithLog, DatabaseBehindLog, ownTopics, type CaughtUp, type Store } from '@instep/department';
import { inTurn, openBuildingSite, postgresStore, SchemaInUse } from '@instep/postgres';

import { connectionOf, freshStore, liveSchema, takeOver, type BuildTarget } from './build-target.ts';

export interface CatchUpTarget extends BuildTarget {
  /** Called while another process of the service has its turn, or sends its last from the restored database. Rejects to give up. */
  wait(): Promise<void>;
}

export interface CaughtUpService extends CaughtUp {
  /** Where the restored tables are now. */
  readonly formerSchema: string;
}

/** The last relay on the restored database compares as well, and ends. */
const MOST_WAITS = 60;

/**
 * Puts a database that follows from the log in the place of one that was restored to an earlier time. Undefined when another process of the
 * service has done it meanwhile. Leaves the restored one as it was when it rejects.
 */
export async function catchUpService(target: CatchUpTarget): Promise<CaughtUpService | undefined> {
  const connection = connectionOf(target);
  const work = async (): Promise<CaughtUpService | undefined> => {
    const restored = postgresStore({ ...connection, tables: target.service.entities });
    try {
      return (await isBehind(target, restored)) ? await replace(target, restored) : undefined;
    } finally {
      await restored.close();
    }
  };
  return await inTurn(connection, liveSchema, work, () => target.wait());
}

async function isBehind({ log, definition }: CatchUpTarget, store: Store): Promise<boolean> {
  try {
    await compareWithLog({ log, store, topics: ownTopics(definition.service) });
    return false;
  } catch (error) {
    if (error instanceof DatabaseBehindLog) return true;
    throw error;
  }
}

async function replace(target: CatchUpTarget, restored: Store): Promise<CaughtUpService> {
  const { definition, log, progress } = target;
  const site = await openBuildingSite(connectionOf(target), target.run);
  try {
    const fresh = await freshStore(target, site.schema);
    let done: CaughtUp;
    try {
      done = await catchUp({ definition, log, restored, fresh, ...(progress && { progress }) });
    } finally {
      await fresh.close();
    }
    return { ...done, formerSchema: await whenNobodySends(target, () => takeOver(target, site.schema, 'keep')) };
  } finally {
    await site.clear();
  }
}

async function whenNobodySends<Result>(target: CatchUpTarget, work: () => Promise<Result>): Promise<Result> {
  for (let waits = 0; ; waits += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof SchemaInUse) || waits >= MOST_WAITS) throw error;
      await target.wait();
    }
  }
}
