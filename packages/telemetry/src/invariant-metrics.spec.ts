import { describe, expect, it } from '@jest/globals';

import type { ObservedInvariants } from './invariant-metrics.ts';
import { createMetrics } from './metrics.ts';

const before: ObservedInvariants = { watching: false, lastRunAt: undefined, lastRunSeconds: 0, states: [] };

describe('metrics of invariants', () => {
  it('tell violations and warnings apart, and forget what another replica checks', async () => {
    let now = before;
    const metrics = createMetrics('finance');
    metrics.observeInvariants(() => now);
    const lines = async (): Promise<string[]> =>
      (await metrics.text())
        .split('\n')
        .filter((line) => line.startsWith('instep_invariant'))
        .map((line) => line.replace(',service="finance"', '').replace('{service="finance"}', ''));
    expect(await lines()).toEqual([
      'instep_invariants_watching 0',
      'instep_invariants_last_run_timestamp_seconds 0',
      'instep_invariants_last_run_seconds 0',
    ]);
    now = {
      watching: true,
      lastRunAt: 1_790_000_000_000,
      lastRunSeconds: 1.5,
      states: [
        { name: 'journals-balance', severity: 'violation', violations: [1, 2], tookMs: 20, failure: undefined },
        { name: 'outbox-is-sent', severity: 'warning', violations: [1], tookMs: 1, failure: 'too slow' },
      ],
    };
    expect(await lines()).toEqual([
      'instep_invariant_violations{invariant="journals-balance"} 2',
      'instep_invariant_warnings{invariant="outbox-is-sent"} 1',
      'instep_invariant_unchecked{invariant="journals-balance"} 0',
      'instep_invariant_unchecked{invariant="outbox-is-sent"} 1',
      'instep_invariant_seconds{invariant="journals-balance"} 0.02',
      'instep_invariant_seconds{invariant="outbox-is-sent"} 0.001',
      'instep_invariants_watching 1',
      'instep_invariants_last_run_timestamp_seconds 1790000000',
      'instep_invariants_last_run_seconds 1.5',
    ]);
    now = before;
    expect((await lines()).filter((line) => line.startsWith('instep_invariant_'))).toEqual([]);
  });
});
