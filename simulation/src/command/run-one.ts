import type { WorldResult } from '../evidence.ts';
import { failureReport } from './failure.ts';
import type { Options } from './options.ts';
import { print } from './print.ts';
import { SeedRunner } from './seed-runner.ts';
import { shrink } from './shrink.ts';
import { asPlanned } from './variant.ts';

/** Runs one seed, exactly as every time, and says all about it. */
export async function runOne(seed: number, options: Options, ending: AbortSignal): Promise<number> {
  const runner = new SeedRunner(options.mutation);
  ending.addEventListener('abort', () => {
    runner.stop();
  });
  try {
    const { result, ms } = await runner.run(seed, options.variant, options.trace);
    if (options.trace) for (const line of result.trace) print(line);
    print(worldLine(result, ms));
    if (result.violations.length === 0) return 0;
    const given = options.variant.without.length > 0 || options.variant.orders !== undefined;
    print(failureReport(seed, given ? { result, variant: options.variant } : await shrunk(runner, result), options.mutation));
    return 1;
  } finally {
    runner.stop();
  }
}

/** The smallest world of the seed in which the same invariant is broken. */
export function shrunk(runner: SeedRunner, first: WorldResult): ReturnType<typeof shrink> {
  const invariant = first.violations[0]?.invariant;
  if (invariant === 'END') return Promise.resolve({ variant: asPlanned, result: first });
  return shrink(first, async (variant) => {
    const { result } = await runner.run(first.seed, variant);
    return result.violations[0]?.invariant === invariant ? result : undefined;
  });
}

function worldLine(result: WorldResult, ms: number): string {
  const { seed, orders, crashes, lostMessages, virtualMs, steps, faults, traceHash } = result;
  return (
    `seed ${String(seed)}: ${String(orders)} orders, ${String(crashes)} crashes, ${String(lostMessages)} lost messages, ` +
    `${(virtualMs / 1_000).toFixed(1)} simulated seconds in ${(ms / 1_000).toFixed(1)} s, ${String(steps)} steps, trace ${traceHash}\n` +
    `faults: ${faults.join(', ') || 'none'}`
  );
}
