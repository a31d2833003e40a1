import { ascending, percentile } from '../figures/percentile.ts';
import { figure, textTable } from '../figures/text-table.ts';
import type { LoadRun } from '../load/load.ts';

export interface RateRun {
  readonly perSecond: number;
  readonly run: LoadRun;
}

export function latencyTable(runs: readonly RateRun[]): string {
  const rows = runs.flatMap(({ perSecond, run }) => [
    row(`${String(perSecond)}/s, webhook to ledger`, run.ledgerMs),
    row(`${String(perSecond)}/s, webhook to answer`, run.answerMs),
  ]);
  return textTable(['milliseconds', 'orders', 'p50', 'p95', 'p99', 'most'], rows);
}

function row(what: string, values: readonly number[]): readonly string[] {
  const sorted = ascending(values);
  return [what, sorted.length.toLocaleString('en'), ...[50, 95, 99, 100].map((percent) => figure(percentile(sorted, percent)))];
}
