/** Smallest of the values that so many percent of them do not exceed. */
export function percentile(sorted: readonly number[], percent: number): number {
  const at = Math.max(0, Math.ceil((sorted.length * percent) / 100) - 1);
  return sorted[at] ?? Number.NaN;
}

export function ascending(values: Iterable<number>): readonly number[] {
  return [...values].sort((a, b) => a - b);
}
