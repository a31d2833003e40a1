/** Repeatable randomness. */
export interface Random {
  /** In [0, 1). */
  next(): number;
  /** A whole number from 0 up to but not including `n`. */
  below(n: number): number;
  /** A whole number, both ends included. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  /** One of them; there must be one. */
  pick<T>(items: readonly T[]): T;
  shuffled<T>(items: readonly T[]): T[];
  /** Another generator with a row of its own: what is drawn here changes nothing there. */
  split(concern: string): Random;
}

/** The generator of a seed. Generators that were split off depend on seed and names alone, not on what was drawn before. */
export function random(seed: string): Random {
  const nextWord = generator(seed);
  const next = (): number => nextWord() / 4_294_967_296;
  const below = (n: number): number => Math.floor(next() * n);
  return {
    next,
    below,
    between: (from, to) => from + below(to - from + 1),
    chance: (probability) => probability > 0 && next() < probability,
    pick(items) {
      const item = items[below(items.length)];
      if (item === undefined) throw new RangeError('nothing to pick from');
      return item;
    },
    shuffled(items) {
      const rest = [...items];
      return items.map(() => rest.splice(below(rest.length), 1)).flat();
    },
    split: (concern) => random(`${seed}/${concern}`),
  };
}

/** sfc32, started from the text. */
function generator(text: string): () => number {
  let a = hashOf(text, 0x9e3779b9);
  let b = hashOf(text, 0x243f6a88);
  let c = hashOf(text, 0xb7e15162);
  let counter = 1;
  const word = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let warm = 0; warm < 12; warm += 1) word();
  return word;
}

/** FNV-1a with a last stir. */
function hashOf(text: string, start: number): number {
  let hash = start | 0;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 16_777_619);
  hash = Math.imul(hash ^ (hash >>> 16), 0x45d9f3b);
  return hash ^ (hash >>> 16);
}
