import { describe, expect, it } from '@jest/globals';

import { compareInstants } from './instant.ts';

describe('instants', () => {
  it('are ordered by time, not by text', () => {
    const ordered = [
      '2026-03-01T00:00:00Z',
      '2026-03-01T00:00:00.4Z',
      '2026-03-01T00:00:00.45Z',
      '2026-03-01T00:00:00.5Z',
      '2026-03-01T00:00:01.000000001Z',
    ];
    expect(ordered.toReversed().toSorted(compareInstants)).toEqual(ordered);
  });

  it('are equal however many zeros they are written with', () => {
    expect(compareInstants('2026-03-01T00:00:00Z', '2026-03-01T00:00:00.000Z')).toBe(0);
    expect(compareInstants('2026-03-01T00:00:10.50Z', '2026-03-01T00:00:10.5Z')).toBe(0);
  });
});
