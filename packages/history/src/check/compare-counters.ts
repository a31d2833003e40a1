import type { TopicPartition } from '@instep/event-log';

import type { Findings } from './finding.ts';
import type { PartitionHistory } from './history-report.ts';
import type { PartitionRange } from './ranges.ts';

/** The last number that a database gave out for a partition. */
export interface NumberCounter extends TopicPartition {
  readonly n: number;
  /** How many of these are given out but perhaps not in the log yet. */
  readonly inFlight?: number;
}

/**
 * The third count, beside records and numbers: what the databases say. A service goes on while the log is read, so the log must hold all
 * that was sent before, and nothing that was not given out after. Only partitions that were read to their end can be compared.
 */
export function compareCounters(
  ranges: readonly PartitionRange[],
  partitions: readonly PartitionHistory[],
  before: readonly NumberCounter[],
  after: readonly NumberCounter[],
  findings: Findings,
): readonly PartitionHistory[] {
  return partitions.map((history) => {
    const first = before.find((counter) => isOf(history, counter));
    const second = after.find((counter) => isOf(history, counter));
    const whole = ranges.find((range) => isOf(history, range))?.whole ?? false;
    const last = history.lastNumber ?? 0;
    if (whole && first && last < first.n - (first.inFlight ?? 0)) {
      const said = `the database of its owner gave out number ${String(first.n)} and had it acknowledged, but the log ends at ${String(last)}`;
      findings.add('log-behind-database', history, undefined, said);
    }
    if (whole && second && last > second.n) {
      const said = `the log holds number ${String(last)}, but the database of its owner gave out only ${String(second.n)}`;
      findings.add('database-behind-log', history, undefined, said);
    }
    // While the service goes on the counter passes by what was read: then they agree.
    const counter = first && second && Math.min(Math.max(last, first.n - (first.inFlight ?? 0)), second.n);
    return { ...history, counter };
  });
}

function isOf(a: TopicPartition, b: TopicPartition): boolean {
  return a.topic === b.topic && a.partition === b.partition;
}
