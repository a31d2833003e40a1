import {
  createDepartment,
  DatabaseBehindLog,
  type Clock,
  type Department,
  type DepartmentDefinition,
  type Ids as EventIds,
  type UnitObserver,
} from '@instep/department';
import type { Logger } from '@instep/telemetry';

import { catchUpFromLog } from './catch-up-from-log.ts';
import type { Ground } from './ground.ts';
import { LateDepartment } from './late-department.ts';
import { patiently } from './patience.ts';
import type { Readiness } from './readiness.ts';

export interface OpeningParts {
  readonly definition: DepartmentDefinition;
  readonly ground: Ground;
  readonly readiness: Readiness;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly eventIds: EventIds;
  readonly observer?: UnitObserver;
  /** The department's consumer is dead for good. */
  died(error: Error): void;
}

export interface Opening {
  /** There from the beginning; works once it is open. */
  readonly department: Department;
  /** Waits for database and log, prepares both, and starts the department. Rejects with what waiting cannot mend, or when abandoned. */
  open(): Promise<void>;
  /** Gives up waiting. */
  abandon(): void;
}

/** Catching up once is enough, unless somebody else writes this service's topics from another database: then it would never end. */
const MOST_CATCH_UPS = 2;
/** Milliseconds that a department gets to end when it could not start. */
const FAILED_START_MS = 1_000;

/** Brings a department up, however long what it needs is away. */
export function opening(parts: OpeningParts): Opening {
  const { definition, ground, readiness, logger, clock } = parts;
  const department = new LateDepartment();
  const ending = new AbortController();
  const patience = { clock, logger, readiness, signal: ending.signal };

  async function start(): Promise<void> {
    for (let behind = 0; ; behind += 1) {
      const made = makeDepartment();
      department.arrive(made);
      try {
        await made.start();
        return;
      } catch (error) {
        await made.stop(FAILED_START_MS);
        if (!(error instanceof DatabaseBehindLog) || !ground.catchUp || behind >= MOST_CATCH_UPS) throw error;
        department.leave();
        await catchUpFromLog(error, ground.catchUp, patience);
      }
    }
  }

  function makeDepartment(): Department {
    const made = createDepartment({
      definition,
      log: ground.log,
      store: ground.store,
      clock,
      ids: parts.eventIds,
      runtimeLog: logger,
      ...(parts.observer && { observer: parts.observer }),
      onCrash: (error) => {
        if (error instanceof DatabaseBehindLog && ground.catchUp) void startAnew(made);
        else parts.died(error);
      },
    });
    return made;
  }

  /** An older database was put in place under a running department: what is under way there comes to nothing, and it begins anew. */
  async function startAnew(former: Department): Promise<void> {
    try {
      await former.stop(FAILED_START_MS);
      department.leave();
      await patiently('department', start, patience);
    } catch (error) {
      if (!ending.signal.aborted) parts.died(error instanceof Error ? error : new Error(String(error)));
    }
  }

  return {
    department,
    open: async () => {
      await Promise.all([patiently('database', ground.prepareDatabase, patience), patiently('event log', ground.prepareLog, patience)]);
      await patiently('department', start, patience);
      readiness.serve(() => department.status());
      logger.info('serving');
    },
    abandon: () => {
      ending.abort();
    },
  };
}
