import type { Store } from '@instep/department';
import type { EventLog } from '@instep/event-log';
import type { InvariantWatch } from '@instep/postgres';
import type { PoolFacts } from '@instep/telemetry';
import type { DataSource } from 'typeorm';

import type { CaughtUpService } from './rebuild/catch-up-service.ts';

export interface CatchUpSteps {
  /** Events folded so far and events to fold as far as known. What it throws ends the work. */
  progress(done: number, total: number): void;
  /** Called while it is another process' turn. Rejects to give up. */
  wait(): Promise<void>;
}

/** What a service stands on: its database and the log. Made without connecting to either. */
export interface Ground {
  readonly log: EventLog;
  readonly store: Store;
  /** Undefined in tests that keep everything in memory: controllers that query get nothing to query. */
  readonly dataSource: DataSource | undefined;
  /** Of the pool that the department uses. */
  readonly pool: (() => PoolFacts) | undefined;
  /** Checks what must hold in the database. Absent in tests that keep everything in memory. */
  readonly invariants?: InvariantWatch;
  /** Connects, and migrates or looks whether somebody has. Rejects while the database is away; can be called again. */
  readonly prepareDatabase: () => Promise<void>;
  /** Makes or verifies the topics of the service. Rejects while the log is away or unfit; can be called again. */
  readonly prepareLog: () => Promise<void>;
  /**
   * Puts a database that follows from the log in the place of one that was restored to an earlier time; the store works on it from then on.
   * Undefined when another process of the service has done so. Absent in tests that keep everything in memory.
   */
  readonly catchUp?: (parts: CatchUpSteps) => Promise<CaughtUpService | undefined>;
  closeDatabase(): Promise<void>;
  closeLog(): Promise<void>;
}
