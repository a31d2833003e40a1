/** A repeatable order: the same seed gives the same shuffle. */
export function shuffled<Item>(items: readonly Item[], random: () => number): Item[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const pick = Math.floor(random() * (last + 1));
    const [a, b] = [result[last], result[pick]];
    if (a !== undefined && b !== undefined) [result[last], result[pick]] = [b, a];
  }
  return result;
}

/** Numbers from 0 to 1 that follow from the seed (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** Runs the jobs, so many at a time. */
export async function pooled<Item>(items: readonly Item[], atOnce: number, job: (item: Item, at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async (): Promise<void> => {
    for (;;) {
      const at = next++;
      const item = items[at];
      if (item === undefined) return;
      await job(item, at);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
