import { describe, expect, it } from '@jest/globals';

import { placeFrom, span, timeFrom } from './when.ts';

const now = Date.parse('2026-11-25T12:00:00Z');

describe('a place in the log', () => {
  it.each([
    ['1200', 1200],
    ['2026-11-25T10:00Z', new Date('2026-11-25T10:00:00Z')],
    ['2026-11-25', new Date('2026-11-25T00:00:00Z')],
    ['15m', new Date('2026-11-25T11:45:00Z')],
    ['2h', new Date('2026-11-25T10:00:00Z')],
    ['3d', new Date('2026-11-22T12:00:00Z')],
  ])('is read from %s', (text, place) => {
    expect(placeFrom('--from', text, now)).toEqual(place);
  });

  it.each(['yesterday', '2026-13-45', '15', '-5m', ''])('is not a time: "%s"', (text) => {
    expect(() => timeFrom('--since', text, now)).toThrow('--since');
  });
});

describe('a span of time', () => {
  it.each([
    [4, '0.004 s'],
    [1_240, '1.2 s'],
    [64_000, '64 s'],
    [600_000, '10 min'],
    [10_800_000, '3 h'],
    [259_200_000, '3 d'],
    [-1_500, '-1.5 s'],
  ])('of %d ms is %s', (ms, text) => {
    expect(span(ms)).toBe(text);
  });
});
