import type { LogReader } from '@instep/event-log';

import type { DepartmentDefinition } from '../department-definition.ts';
import { indexDepartment } from '../department-index.ts';
import type { Position, Store } from '../store.ts';
import type { ReadPosition } from './log-reading.ts';
import { LogFold } from './log-fold.ts';

export interface RebuildParts {
  readonly definition: DepartmentDefinition;
  readonly log: LogReader;
  /** A store with empty tables, beside the live one. */
  readonly store: Store;
  /** Called after every batch: events folded so far and events to fold as far as known. What it throws ends the rebuild. */
  progress?(done: number, total: number): void;
}

export interface Rebuild {
  /**
   * Folds what the log has beyond what was folded before. Resolves with the positions that the service had reached, as its own events tell.
   * Own topics first (streams, positions, requests, numbers, what was parked), then other owners' topics up to exactly these positions.
   * Nothing is decided, nothing is sent. `live`: where a database to compare with is, at a moment when it had sent all that it recorded. What
   * it has read beyond what its events tell led to none, so it is folded as well.
   */
  advance(live?: readonly ReadPosition[]): Promise<readonly Position[]>;
  /** Events folded so far. */
  folded(): number;
  /** Events that never reached the log although others, recorded after them, did: lost together with a database. */
  missing(): number;
}

/** Builds a department's database from the log alone. `advance` rejects with LogIncomplete when the log has a gap. */
export function rebuild({ definition, ...parts }: RebuildParts): Rebuild {
  const fold = new LogFold({ ...parts, index: indexDepartment(definition) });
  return {
    async advance(live) {
      await fold.ownTopics();
      await fold.writeOwn({ raiseEpoch: false });
      await fold.foreignTopics(live ?? []);
      if (!live) await fold.passPositions();
      return fold.positions();
    },
    folded: () => fold.folded(),
    missing: () => fold.missing(),
  };
}
