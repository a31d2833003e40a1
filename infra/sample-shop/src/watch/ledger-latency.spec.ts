import { describe, expect, it } from '@jest/globals';

import { LedgerLatency } from './ledger-latency.ts';

describe('the time from webhook to ledger', () => {
  it('is from the first webhook with money to the first journal', () => {
    const latency = new LedgerLatency();
    latency.sent('a', 1_000);
    latency.sent('a', 1_200);
    latency.booked('a', 1_300);
    latency.sent('a', 5_000);
    latency.booked('a', 9_000);
    expect(latency.lastMinute(9_000)).toEqual({ orders: 1, p50Ms: 300, p99Ms: 300 });
  });

  it('forgets after a minute, and knows nothing of orders that it did not see go out', () => {
    const latency = new LedgerLatency();
    latency.booked('unknown', 10);
    latency.sent('a', 0);
    latency.booked('a', 10);
    expect(latency.lastMinute(60_000)).toMatchObject({ orders: 1 });
    expect(latency.lastMinute(60_011)).toBeUndefined();
  });

  it('takes percentiles by rank', () => {
    const latency = new LedgerLatency();
    for (let ms = 1; ms <= 100; ms += 1) {
      latency.sent(`order-${ms}`, 0);
      latency.booked(`order-${ms}`, ms);
    }
    expect(latency.lastMinute(100)).toEqual({ orders: 100, p50Ms: 50, p99Ms: 99 });
  });
});
