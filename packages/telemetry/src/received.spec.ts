import { describe, expect, it } from '@jest/globals';

import { receivedAt, receivedTracestate } from './received.ts';

describe('the time of receipt in tracestate', () => {
  it('comes back as it went in, to the millisecond', () => {
    expect(receivedAt(receivedTracestate(1_795_000_123_456.7))).toBe(1_795_000_123_456);
  });

  it('is found beside what others put there, and is not invented', () => {
    expect(receivedAt('congo=t61rcWkgMzE, instep=r:zz ,rojo=00f0')).toBe(1295);
    expect(receivedAt('notinstep=r:zz')).toBeUndefined();
    expect(receivedAt('instep=r:')).toBeUndefined();
    expect(receivedAt(undefined)).toBeUndefined();
  });
});
