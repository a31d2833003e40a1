import type { EventLog } from '@instep/event-log';

import { CauseCheck } from './cause-check.ts';
import { compareCounters, type NumberCounter } from './compare-counters.ts';
import { Findings } from './finding.ts';
import type { HistoryReport, PartitionHistory } from './history-report.ts';
import { PartitionCheck } from './partition-check.ts';
import { rangesOf } from './ranges.ts';

export interface HistoryOptions {
  /** Names of topics. Default: all that the contracts name. */
  readonly topics?: readonly string[];
  /** Default: all partitions. */
  readonly partition?: number;
  /** First offset of each partition, or when its first record was sent. Default: all that the log keeps. */
  readonly from?: number | Date;
  /** The offset after the last, or a time. Default: the end as it is at the call. */
  readonly to?: number | Date;
  /** How far the clocks of two machines may be apart before a cause counts as later than its effect. Default 0. */
  readonly skewMs?: number;
  /** How many findings are kept; all are counted. Default 1,000. */
  readonly mostFindings?: number;
  /**
   * The counters of the databases, for the three-way count. Asked before and after the log is read: a running service goes on. Only
   * partitions that are read to their end are compared.
   */
  readonly counters?: () => Promise<readonly NumberCounter[]>;
  /** Records read so far, of how many. */
  readonly progress?: (read: number, total: number) => void;
}

/**
 * Reads a range of the log once and checks all that it can prove by itself: numbers and stream versions without gaps, repetitions equal to
 * the first, one owner per topic, every key in its partition, causes that exist and come first, every record readable. Keeps 16 bytes of
 * each record and a version of each stream in memory. Rejects with UnknownTopic when a topic is not in the log or no contract names it,
 * with OffsetOutOfRange when the range is not.
 */
export async function checkHistory(log: EventLog, options: HistoryOptions = {}): Promise<HistoryReport> {
  const findings = new Findings(options.mostFindings ?? 1_000);
  const causes = new CauseCheck(log, findings, options.skewMs ?? 0);
  const before = await options.counters?.();
  const ranges = await rangesOf(log, options, findings);
  const total = ranges.reduce((sum, { from, to }) => sum + to - from, 0);
  for (const range of ranges) causes.expect(range, range.from, range.to);

  let read = 0;
  options.progress?.(0, total);
  const partitions: PartitionHistory[] = [];
  for (const range of ranges) {
    const check = new PartitionCheck(range, findings, causes);
    const history = await check.run(log, (records) => {
      read += records;
      options.progress?.(read, total);
    });
    partitions.push(history);
  }
  await causes.finish();
  const counted = before && options.counters ? compareCounters(ranges, partitions, before, await options.counters(), findings) : partitions;
  return {
    partitions: counted.map((each) => ({ ...each, findings: findings.of(each) })),
    findings: findings.kept(),
    found: findings.counts(),
    records: sum(partitions, 'records'),
    repeated: sum(partitions, 'repeated'),
    streams: sum(partitions, 'streams'),
    causes: causes.checked,
  };
}

function sum(partitions: readonly PartitionHistory[], column: 'records' | 'repeated' | 'streams'): number {
  return partitions.reduce((total, each) => total + each[column], 0);
}
