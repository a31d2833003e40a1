import { describe, expect, it } from '@jest/globals';

import { canonicalTime } from './times.ts';

/** As `Date` has it. */
function byDate(text: string): number | undefined {
  const ms = Date.parse(text);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === text ? ms : undefined;
}

describe('a time', () => {
  it('is what Date makes of it, on every day of five centuries', () => {
    const wrong: string[] = [];
    for (let ms = Date.UTC(1799, 11, 31, 23, 59, 59, 999); ms < Date.UTC(2300, 0, 2); ms += 86_400_000 - 1) {
      const text = new Date(ms).toISOString();
      if (canonicalTime(text) !== ms) wrong.push(text);
    }
    expect(wrong).toEqual([]);
  });

  it('is refused where Date would spell it otherwise', () => {
    const years = ['0000', '0004', '0099', '0100', '1900', '2000', '2023', '2024', '9999'];
    const texts = years.flatMap((year) =>
      ['00-01', '01-00', '01-32', '02-28', '02-29', '02-30', '04-31', '12-31', '13-01'].map((day) => `${year}-${day}T12:00:00.000Z`),
    );
    const hours = ['24:00:00.000', '23:60:00.000', '23:59:60.000', '23:59:59.999', '00:00:00.000'].map((at) => `2024-02-29T${at}Z`);
    for (const text of [...texts, ...hours]) expect([text, canonicalTime(text)]).toEqual([text, byDate(text)]);
  });

  it.each([
    '',
    '2024-02-29',
    '2024-02-29T10:00:00Z',
    '2024-02-29T10:00:00.00Z',
    '2024-02-29T10:00:00.000+00:00',
    '2024-02-29t10:00:00.000z',
    '+002024-02-29T10:00:00.000Z',
    ' 2024-02-29T10:00:00.000Z',
    '2024-02-29T10:00:00.000Z\n',
  ])('is none in %j', (text) => {
    expect(canonicalTime(text)).toBeUndefined();
  });
});
