import type { SeedRun } from '../command/seed-runner.ts';

export interface Found {
  /** Worlds that it took from each start; undefined where it was not found. */
  readonly after: readonly (number | undefined)[];
  /** What was seen first, where it took the fewest worlds. */
  readonly symptom: string;
}

/** Looks for a defect from several starts: at most `most` worlds from each. */
export async function search(starts: readonly number[], most: number, run: (seed: number) => Promise<SeedRun>): Promise<Found> {
  const after: (number | undefined)[] = [];
  let symptom = '';
  let fewest = Number.POSITIVE_INFINITY;
  for (const start of starts) {
    const found = await firstBroken(start, most, run);
    after.push(found?.worlds);
    if (!found || found.worlds >= fewest) continue;
    fewest = found.worlds;
    symptom = found.symptom;
  }
  return { after, symptom };
}

async function firstBroken(
  start: number,
  most: number,
  run: (seed: number) => Promise<SeedRun>,
): Promise<{ readonly worlds: number; readonly symptom: string } | undefined> {
  for (let worlds = 1; worlds <= most; worlds += 1) {
    const { result } = await run(start + worlds - 1);
    const [first] = result.violations;
    if (first) return { worlds, symptom: `${first.invariant}: ${first.text}` };
  }
  return undefined;
}

/** The middle one of the found ones. */
export function median(numbers: readonly number[]): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)] ?? 0;
}
