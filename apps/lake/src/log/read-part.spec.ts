import { describe, expect, it } from '@jest/globals';

import type { LakeFile } from '../manifest/lake-file.ts';
import { stepEnd } from './read-part.ts';

const file = { rows: 25_000, valueBytes: 25_000_000 } as LakeFile;

describe('what is read of a file at once', () => {
  it.each([
    [0, 5_000_000, 5_000],
    [4_500, 5_000_000, 9_000],
    [4_500, 5_600_000, 10_000],
    [4_500, 1, 5_000],
    [5_000, 1, 6_000],
  ])('from offset %d on, with %d bytes to hold, ends at %d: whole batches, one at least', (from, bytes, end) => {
    expect(stepEnd(file, from, bytes)).toBe(end);
  });

  it('ends somewhere where values are empty', () => {
    expect(stepEnd({ ...file, valueBytes: 0 }, 0, 1_000)).toBeGreaterThan(0);
  });
});
