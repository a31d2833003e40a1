import type { Plan } from '../selection/plan.ts';
import type { Selection } from '../selection/selection.ts';

export type Target =
  | { readonly kind: 'file'; readonly path: string; readonly format: 'ndjson' | 'parquet' }
  | { readonly kind: 'topic'; readonly name: string; readonly partitions: number }
  | { readonly kind: 'sandbox'; readonly database: string; readonly services: readonly string[] };

/** A replay as it was planned. Never changes, so that it gives the same however often it is resumed. */
export interface Job {
  readonly id: string;
  /** ISO 8601. */
  readonly planned: string;
  /** Whether the log is read beyond the lake. */
  readonly withLog: boolean;
  readonly selection: Selection;
  readonly plan: Pick<Plan, 'read' | 'events' | 'bytes'>;
  readonly target: Target;
  /** Records read in a second at most; as fast as it goes when undefined. */
  readonly rate?: number | undefined;
  /** ISO 8601: the sandbox may be removed from then on. */
  readonly expires?: string | undefined;
}

export type JobState = 'planned' | 'running' | 'paused' | 'cancelled' | 'done' | 'failed';

/** How far a replay has come. All before the place is in the target, on the disk, and nothing behind it counts. */
export interface Checkpoint {
  /** Index of the range that is read, and the next offset in it. */
  readonly range: number;
  readonly offset: number;
  readonly read: number;
  readonly events: number;
  /** What the target needs to go on: bytes of a file, records per partition of a topic, services that are done. */
  readonly mark: Mark;
}

export type Mark = Readonly<Record<string, number>>;

export interface Progress {
  readonly state: JobState;
  readonly checkpoint: Checkpoint;
  /** Why it failed, in a sentence. */
  readonly reason?: string | undefined;
  /** ISO 8601 of the last change. */
  readonly at: string;
}
