import { describe, expect, it } from '@jest/globals';

import { random } from './random.ts';
import type { Random } from './random.ts';

const draws = (source: Random, count = 20): number[] => Array.from({ length: count }, () => source.next());

describe('random', () => {
  it('gives the same row for the same seed and another for another', () => {
    expect(draws(random('7'))).toEqual(draws(random('7')));
    expect(draws(random('7'))).not.toEqual(draws(random('8')));
  });

  it('is split so that draws in one place change nothing in another', () => {
    const untouched = draws(random('7').split('network'));
    const used = random('7');
    draws(used, 100);
    draws(used.split('faults'), 100);
    expect(draws(used.split('network'))).toEqual(untouched);
    expect(draws(random('7').split('faults'))).not.toEqual(untouched);
  });

  it('spreads evenly', () => {
    const source = random('even');
    const counts = Array.from({ length: 10 }, () => 0);
    for (let n = 0; n < 10_000; n += 1) {
      const at = source.below(10);
      counts[at] = (counts[at] ?? 0) + 1;
    }
    for (const count of counts) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });

  it('shuffles without losing anything', () => {
    const items = Array.from({ length: 30 }, (_, index) => index);
    const shuffled = random('cards').shuffled(items);
    expect(shuffled).not.toEqual(items);
    expect(shuffled.sort((a, b) => a - b)).toEqual(items);
  });
});
