import { missingCoverage, requiredCoverage } from '../coverage.ts';
import type { WorldResult } from '../evidence.ts';
import { ProgressBar } from '../figures/progress-bar.ts';
import { textTable, whole } from '../figures/text-table.ts';
import { failureReport } from './failure.ts';
import type { Options } from './options.ts';
import { print } from './print.ts';
import { writeBlock } from './reliability-page.ts';
import { shrunk } from './run-one.ts';
import { runSeeds } from './seed-pool.ts';
import { SeedRunner } from './seed-runner.ts';
import type { Totals } from './totals.ts';
import { noTotals, plusWorld } from './totals.ts';

const mostFailures = 3;

/** So few worlds need not have shown everything. */
const fewWorlds = 50;

/** Runs many seeds, and fails when one breaks a promise or when they showed too little to prove anything. */
export async function runWorlds({ from, seeds, workers, write }: Options, ending: AbortSignal): Promise<number> {
  const start = performance.now();
  const bar = new ProgressBar(seeds);
  const failed: WorldResult[] = [];
  let totals = noTotals;
  const all = Array.from({ length: seeds }, (_, index) => from + index);
  await runSeeds(
    all,
    Math.min(workers, seeds),
    ({ result }) => {
      totals = plusWorld(totals, result);
      if (result.violations.length > 0) failed.push(result);
      bar.show(totals.worlds, pace(totals, performance.now() - start));
      return failed.length >= mostFailures;
    },
    ending,
  );
  bar.end();
  const realMs = performance.now() - start;
  for (const result of failed.slice(0, mostFailures)) print(`${await explained(result)}\n`);
  const table = `${totalsTable(from, totals, realMs)}\n\n${coverageTable(totals)}`;
  print(table);
  if (ending.aborted) return 130;
  const missing = seeds >= fewWorlds ? missingCoverage(totals.coverage) : [];
  if (missing.length > 0) print(`\nNever seen, so nothing is proved about it: ${missing.join(', ')}.`);
  if (write && failed.length === 0) writeBlock('worlds', `npm run simulate -- --seeds ${String(seeds)}`, table);
  return failed.length > 0 || missing.length > 0 ? 1 : 0;
}

async function explained(result: WorldResult): Promise<string> {
  const runner = new SeedRunner();
  try {
    return failureReport(result.seed, await shrunk(runner, result));
  } finally {
    runner.stop();
  }
}

function pace({ worlds, crashes, virtualMs, violations }: Totals, realMs: number): string {
  const perSecond = worlds / (realMs / 1_000);
  return `${perSecond.toFixed(1)} worlds/s, ${whole(crashes)} crashes, ${(virtualMs / 3_600_000).toFixed(1)} simulated hours, ${String(violations)} violations`;
}

function totalsTable(from: number, totals: Totals, realMs: number): string {
  const { worlds, orders, crashes, lostMessages, steps, virtualMs, violations } = totals;
  return textTable(
    ['simulated', 'figure'],
    [
      ['worlds', whole(worlds)],
      ['first seed', String(from)],
      ['orders', whole(orders)],
      ['processes killed', whole(crashes)],
      ['messages lost', whole(lostMessages)],
      ['steps', whole(steps)],
      ['simulated hours', (virtualMs / 3_600_000).toFixed(1)],
      ['real seconds', (realMs / 1_000).toFixed(1)],
      ['times real time', (virtualMs / realMs).toFixed(1)],
      ['violations', whole(violations)],
    ],
  );
}

function coverageTable({ coverage }: Totals): string {
  return textTable(
    ['seen', 'times'],
    requiredCoverage.map((name) => [name, whole(coverage[name] ?? 0)]),
  );
}
