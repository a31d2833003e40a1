import { describe, expect, it } from '@jest/globals';

import { readOptions } from './options.ts';

describe('the options of simulate', () => {
  it('run 300 worlds from seed 1 unless told otherwise', () => {
    expect(readOptions([])).toMatchObject({ seeds: 300, from: 1, seed: undefined, mutations: false, starts: 3 });
    expect(readOptions(['--seeds', '3000', '--from', '7', '--workers', '2'])).toMatchObject({ seeds: 3000, from: 7, workers: 2 });
  });

  it('make one world smaller', () => {
    expect(readOptions(['--seed', '5', '--without', 'kill,pause', '--orders', '3']).variant).toEqual({
      without: ['kill', 'pause'],
      orders: 3,
    });
  });

  it.each([
    [['--seeds', 'many'], '--seeds is a whole number from 1 on, not "many".'],
    [['--seeds', '0'], '--seeds is a whole number from 1 on, not "0".'],
    [['--seed', '1', '--seeds', '2'], '--seed runs one world, --seeds many: give one of them.'],
    [['--orders', '2'], '--without and --orders make one world smaller: name it with --seed.'],
    [['--mutation', 'no-such'], /There is no mutation "no-such"/],
    [['--colour'], /--colour.*See npm run simulate -- --help/s],
  ])('refuse %j', (args, sentence) => {
    expect(() => readOptions(args)).toThrow(sentence);
  });
});
