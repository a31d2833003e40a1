/** What a run of many worlds must have shown at least once, else it proves little. */
export const requiredCoverage = [
  'webhook delivered again',
  'webhook overtaken',
  'webhook acknowledged twice',
  'record delivered again',
  'duplicate dropped by its number',
  'batch sent again from the ledger',
  'record stored twice in the log',
  'append arrived after its sender gave up',
  'part of an append stored',
  'ambiguous append',
  'ambiguous commit',
  'commit arrived after its sender gave up',
  'zombie fenced by its position',
  'stream changed meanwhile',
  'lock waited for',
  'lock time-out',
  'outbox row visible out of order',
  'lease lost',
  'stale lease refused',
  'standby took over',
  'rebalance',
  'rebalance while a slice was under way',
  'zombie came back',
  'crash between commit and answer',
  'crash between ledger and send',
  'crash between send and delete',
  'graceful stop',
  'database restarted',
  'leader changed',
  'database restored',
  'database found behind the log',
  'unsent event lost by a restore',
  'request answered again',
  'request refused',
  'stock ran short',
  'goods taken back',
  'payroll booked',
  'poison parked',
  'record waits behind poison',
] as const;

export type CoverageName = (typeof requiredCoverage)[number];

/** Counts what a world shows. */
export class Coverage {
  readonly #counts = new Map<CoverageName, number>();

  count(name: CoverageName, times = 1): void {
    if (times > 0) this.#counts.set(name, (this.#counts.get(name) ?? 0) + times);
  }

  counts(): Readonly<Record<CoverageName, number>> {
    return Object.fromEntries(requiredCoverage.map((name) => [name, this.#counts.get(name) ?? 0])) as Record<CoverageName, number>;
  }
}

/** Counters that many worlds together left at zero. */
export function missingCoverage(counts: Readonly<Record<string, number>>): readonly CoverageName[] {
  return requiredCoverage.filter((name) => (counts[name] ?? 0) === 0);
}
