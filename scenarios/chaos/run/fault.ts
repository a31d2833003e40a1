import type { ServiceName } from '@instep/contracts';
import type { FindingCode } from '@instep/history';

import type { OpenCompany } from '../company/open-company.ts';
import type { GroundKind } from '../ground/start-ground.ts';
import type { Load, LoadSettings } from '../load/open-load.ts';

/** What a fault works with while the load runs. */
export interface Scene extends OpenCompany {
  readonly load: Load;
  /** 0 to 1; the same seed makes the same choices. */
  random(): number;
  /** How thorough to be. */
  readonly extent: 'quick' | 'usual' | 'full';
  readonly soakMinutes: number;
  /** Goes into the row, for example how often something was hit. */
  note(text: string): void;
  /** Lets so many seconds pass. Rejects when the run is called off. */
  seconds(count: number): Promise<void>;
  /** Resolves when it holds. Rejects after so many seconds, naming what was waited for. */
  until(what: string, holds: () => Promise<boolean> | boolean, withinSeconds?: number): Promise<void>;
}

export interface Fault {
  /** Short, for --only. */
  readonly id: string;
  /** What happens, in a few words for the table. */
  readonly title: string;
  readonly ground: GroundKind;
  /** Makes the fault and ends it: when it resolves, nothing is broken on purpose any more. */
  run(scene: Scene): Promise<void>;
  readonly load?: Partial<LoadSettings>;
  /** Which service is rebuilt and compared afterwards. Default: another one each time. */
  readonly rebuild?: ServiceName;
  /** Leaves something in the log for good: the company is not used for other faults after it. */
  readonly last?: boolean;
  /** Keys that it parks on purpose. */
  readonly parks?: number;
  /** What the log shows afterwards because the fault put it there. */
  readonly leaves?: readonly FindingCode[];
  /**
   * The company does not survive it, by design: history or a database is destroyed. Then it is not checked for completeness but for what it
   * says: whatever is wrong, one sentence each.
   */
  readonly destroys?: (scene: Scene) => Promise<readonly string[]>;
  /** Why it cannot be done on this machine. */
  readonly missing?: () => string | undefined;
  /** Milliseconds of the clock of a service that are no delay: latency is not told. */
  readonly untimed?: boolean;
}
