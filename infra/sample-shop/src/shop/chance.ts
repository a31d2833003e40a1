export type Chance = {
  /** From 0 up to, not including, 1. */
  next(): number;
  /** True so often: `likely(0.2)` one time in five. */
  likely(probability: number): boolean;
  whole(least: number, most: number): number;
  oneOf<Item>(items: readonly [Item, ...Item[]]): Item;
};

/** Choices that follow from the seed alone, so that a run can be repeated (mulberry32). */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
  const whole = (least: number, most: number): number => least + Math.floor(next() * (most - least + 1));
  return {
    next,
    likely: (probability) => next() < probability,
    whole,
    oneOf: (items) => items[whole(0, items.length - 1)] ?? items[0],
  };
}
