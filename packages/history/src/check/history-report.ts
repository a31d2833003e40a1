import type { TopicPartition } from '@instep/event-log';

import type { Finding, FindingCode } from './finding.ts';

/** What one partition holds, in the range that was checked. */
export interface PartitionHistory extends TopicPartition {
  /** First offset and the one after the last. */
  readonly from: number;
  readonly to: number;
  readonly records: number;
  /** Records whose number had come before: harmless, readers drop them. */
  readonly repeated: number;
  /** Different numbers. 0 where a topic carries none. */
  readonly distinct: number;
  readonly firstNumber: number | undefined;
  readonly lastNumber: number | undefined;
  readonly streams: number;
  readonly undecodable: number;
  /** The last number that the owner's database gave out, when the caller knows it; while it goes on, the one nearest to what was read. */
  readonly counter: number | undefined;
  readonly findings: number;
}

export interface HistoryReport {
  readonly partitions: readonly PartitionHistory[];
  /** The first ones, in the order of the log. Empty when history is as it must be. */
  readonly findings: readonly Finding[];
  /** How many there are of each kind, also of those not kept. */
  readonly found: Readonly<Partial<Record<FindingCode, number>>>;
  readonly records: number;
  readonly repeated: number;
  readonly streams: number;
  /** Causes that were looked up. */
  readonly causes: number;
}
