import { describe, expect, it } from '@jest/globals';

import { placeOf } from './place-in-sequence.ts';

const last = { epoch: 3, n: 10 };

describe('the place of a record in the numbers of its partition', () => {
  it.each([
    ['the next number', { epoch: 3, n: 11 }, 'next'],
    ['the last number once more', { epoch: 3, n: 10 }, 'repeated'],
    ['a number further on', { epoch: 3, n: 12 }, 'gap'],
    ['the next number of a new epoch', { epoch: 4, n: 11 }, 'next'],
    ['a number further on in a new epoch', { epoch: 4, n: 12 }, 'gap'],
    ['a used number in a new epoch, whose writer never saw the record that used it', { epoch: 4, n: 8 }, 'next'],
    ['a used number of an old epoch', { epoch: 2, n: 10 }, 'repeated'],
    ['the next number of an old epoch, whose writer was replaced', { epoch: 2, n: 11 }, 'repeated'],
    ['a number further on in an old epoch', { epoch: 2, n: 40 }, 'repeated'],
  ])('%s', (_, sequence, place) => {
    expect(placeOf(sequence, last)).toBe(place);
  });

  it('begins at 1', () => {
    expect(placeOf({ epoch: 1, n: 1 }, { epoch: 0, n: 0 })).toBe('next');
    expect(placeOf({ epoch: 1, n: 2 }, { epoch: 0, n: 0 })).toBe('gap');
  });
});
