import type { WorldResult } from '../evidence.ts';

/** Sums over many worlds. */
export interface Totals {
  readonly worlds: number;
  readonly orders: number;
  readonly crashes: number;
  readonly lostMessages: number;
  readonly steps: number;
  readonly virtualMs: number;
  readonly violations: number;
  readonly coverage: Readonly<Record<string, number>>;
}

export const noTotals: Totals = { worlds: 0, orders: 0, crashes: 0, lostMessages: 0, steps: 0, virtualMs: 0, violations: 0, coverage: {} };

export function plusWorld(totals: Totals, world: WorldResult): Totals {
  const coverage: Record<string, number> = { ...totals.coverage };
  for (const [name, count] of Object.entries(world.coverage)) coverage[name] = (coverage[name] ?? 0) + count;
  return {
    worlds: totals.worlds + 1,
    orders: totals.orders + world.orders,
    crashes: totals.crashes + world.crashes,
    lostMessages: totals.lostMessages + world.lostMessages,
    steps: totals.steps + world.steps,
    virtualMs: totals.virtualMs + world.virtualMs,
    violations: totals.violations + world.violations.length,
    coverage,
  };
}
