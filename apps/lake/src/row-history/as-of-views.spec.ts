import { describe, expect, it } from '@jest/globals';

import { momentOf } from './as-of-views.ts';

describe('a moment', () => {
  it.each([
    ['2026-11-27', '2026-11-27T00:00:00.000Z'],
    ['2026-11-27 12:00', '2026-11-27T12:00:00.000Z'],
    ['2026-11-27T12:00:00.5', '2026-11-27T12:00:00.500Z'],
    ['2026-11-27 12:00Z', '2026-11-27T12:00:00.000Z'],
    ['2026-11-27T12:00+05:30', '2026-11-27T06:30:00.000Z'],
    ['2028-02-29', '2028-02-29T00:00:00.000Z'],
  ])('%s is %s', (text, moment) => {
    expect(new Date(momentOf(text, 'as of')).toISOString()).toBe(moment);
  });

  it.each(['2026-3-1', '11/27/2026', 'Nov 27 2026 12:00', '2026-02-30', '2026-02-29T10:00Z', '2026', '2026-11-27x', '', '2026-13-01'])(
    '%p is none',
    (text) => {
      expect(() => momentOf(text, 'as of')).toThrow('is no moment (as of)');
    },
  );
});
