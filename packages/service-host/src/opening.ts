import {
  createDepartment,
  type Clock,
  type Department,
  type DepartmentDefinition,
  type Ids as EventIds,
  type UnitObserver,
} from '@instep/department';
import type { Logger } from '@instep/telemetry';

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

/** Milliseconds that a department gets to end when it could not start. */
const FAILED_START_MS = 1_000;

/** Brings a department up, however long what it needs is away. */
export function opening(parts: OpeningParts): Opening {
  const { definition, ground, readiness, logger, clock } = parts;
  const department = new LateDepartment();
  const ending = new AbortController();
  const patience = { clock, logger, readiness, signal: ending.signal };

  async function start(): Promise<void> {
    const made = createDepartment({
      definition,
      log: ground.log,
      store: ground.store,
      clock,
      ids: parts.eventIds,
      runtimeLog: logger,
      ...(parts.observer && { observer: parts.observer }),
      onCrash: parts.died,
    });
    department.arrive(made);
    try {
      await made.start();
    } catch (error) {
      await made.stop(FAILED_START_MS);
      throw error;
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
