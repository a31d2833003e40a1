import { describe, expect, it } from '@jest/globals';

import { sampledShareOf } from './sampled-share.ts';
import {
  currentTraceparent,
  isSampled,
  newTraceparent,
  parseTraceparent,
  sampleNewTraces,
  traceIdOf,
  withTraceparent,
} from './traceparent.ts';

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
    [{}, 1],
    [{ OTEL_TRACES_SAMPLER: 'always_off' }, 0],
    [{ OTEL_TRACES_SAMPLER: 'parentbased_traceidratio', OTEL_TRACES_SAMPLER_ARG: '0.1' }, 0.1],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: 'some' }, 1],
    [{ OTEL_TRACES_SAMPLER: 'traceidratio', OTEL_TRACES_SAMPLER_ARG: '' }, 1],
  ])('is sampled as the environment says: %j', (environment, share) => {
    expect(sampledShareOf(environment)).toBe(share);
    sampleNewTraces(share);
    try {
      const made = Array.from({ length: 4_000 }, () => newTraceparent());
      // Six standard deviations of a tenth of 4,000.
      expect(Math.abs(made.filter(isSampled).length - share * made.length)).toBeLessThan(6 * 19);
    } finally {
      sampleNewTraces(0);
    }
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
