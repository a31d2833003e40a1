import { describe, expect, it } from '@jest/globals';

import { currentTraceparent, isSampled, newTraceparent, parseTraceparent, traceIdOf, withTraceparent } from './traceparent.ts';

const GIVEN = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

describe('traceparent', () => {
  it('is known to all that its function awaits, and to nobody else', async () => {
    const seen = await withTraceparent(GIVEN, async () => {
      await Promise.resolve();
      return currentTraceparent();
    });
    expect(seen).toBe(GIVEN);
    expect(currentTraceparent()).toBeUndefined();
  });

  it('is new each time and well formed', () => {
    const made = Array.from({ length: 2_000 }, () => newTraceparent());
    expect(new Set(made.map(traceIdOf)).size).toBe(2_000);
    expect(made.every((traceparent) => parseTraceparent(traceparent) === traceparent)).toBe(true);
  });

  it('is not sampled while nobody exports spans', () => {
    expect(isSampled(newTraceparent())).toBe(false);
    expect(isSampled(GIVEN)).toBe(true);
  });

  it.each([
    ['absent', undefined],
    ['too short', '00-1-2-01'],
    ['of zeros', `00-${'0'.repeat(32)}-b7ad6b7169203331-01`],
    ['in capitals', GIVEN.toUpperCase()],
    ['of a forbidden version', `ff${GIVEN.slice(2)}`],
  ])('is ignored when the caller sent one that is %s', (_, header) => {
    expect(parseTraceparent(header)).toBeUndefined();
  });
});
