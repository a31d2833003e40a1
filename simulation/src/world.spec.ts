import { describe, expect, it, jest } from '@jest/globals';

import { noFaults, planFaults } from './faults/fault-plan.ts';
import { random } from './time/random.ts';
import { runWorld } from './world.ts';

// A world takes a quarter of a second on a quiet machine, and many seconds on a busy one.
jest.setTimeout(180_000);

describe('a world', () => {
  it('keeps every promise when nothing goes wrong', async () => {
    const { violations, orders, crashes, lostMessages } = await runWorld({ seed: 1, plan: noFaults });
    expect({ violations, orders, crashes, lostMessages }).toEqual({ violations: [], orders: 12, crashes: 0, lostMessages: 0 });
  });

  it('is the same for the same seed, to the last step', async () => {
    const first = await runWorld({ seed: 3, wholeTrace: true });
    // Whatever ran before in the same process.
    const other = await runWorld({ seed: 4 });
    expect(await runWorld({ seed: 3, wholeTrace: true })).toEqual(first);
    expect(other.traceHash).not.toBe(first.traceHash);
  });

  it('keeps every promise under faults', async () => {
    for (let seed = 20; seed < 24; seed += 1) {
      const { violations, trace } = await runWorld({ seed });
      expect({ seed, violations, trace: violations.length > 0 ? trace : [] }).toEqual({ seed, violations: [], trace: [] });
    }
  });

  it('crashes often where every call may kill', async () => {
    const { violations, crashes } = await runWorld({ seed: 5, plan: { ...noFaults, names: ['kill at a call'], killAtCall: 0.02 } });
    expect(violations).toEqual([]);
    expect(crashes).toBeGreaterThan(20);
  });

  it('reports a broken promise with the invariant and the last lines of what happened', async () => {
    const never = { id: 'never', promise: 'Nobody ever sells anything.', check: async () => ['somebody sold something'] };
    const { violations, trace } = await runWorld({ seed: 1, plan: noFaults, invariants: [never] });
    expect(violations).toMatchObject([{ invariant: 'never', text: 'somebody sold something' }]);
    expect(trace.length).toBeGreaterThan(50);
    expect(trace.length).toBeLessThanOrEqual(200);
  });

  it('has a random part of the faults', () => {
    const plans = Array.from({ length: 50 }, (_, seed) => planFaults(random(String(seed)).split('faults')).names);
    const all = new Set(plans.flat());
    expect(all.size).toBeGreaterThan(15);
    expect(plans.every((names) => names.length < all.size)).toBe(true);
    expect(new Set(plans.map((names) => names.join())).size).toBeGreaterThan(45);
  });
});
