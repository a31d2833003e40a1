import { describe, expect, it } from '@jest/globals';

import { restForOthers } from './rest.ts';

/** A machine with two processors on which others and we use these shares of both while we do not rest, and others alone while we do. */
function machine(others: number, own: number) {
  let at = 0;
  let busy = 0;
  let ours = 0;
  let rested = 0;
  const pass = (ms: number, share: number): void => {
    at += ms;
    busy += 2 * ms * (others + share);
    ours += 2 * ms * share;
  };
  const rest = restForOthers({
    times: () => ({ all: 2 * at, busy, own: ours }),
    now: () => at,
    pause: (ms) => {
      rested += ms;
      pass(ms, 0);
      return Promise.resolve();
    },
  });
  return {
    async work(pieces: number, ms: number): Promise<void> {
      for (let piece = 0; piece < pieces; piece += 1) {
        pass(ms, own);
        await rest();
      }
    },
    restedShare: () => rested / at,
    rested: () => rested,
  };
}

describe('resting for others', () => {
  it('does not rest on a machine of its own, however much of it the work itself takes', async () => {
    const alone = machine(0, 1);
    await alone.work(1_000, 10);
    expect(alone.rested()).toBe(0);
  });

  it.each([
    [0.1, 0.3],
    [0.2, 0.6],
    [0.3, 0.9],
    [0.9, 0.9],
  ])('with others at %d of the processors rests for %d of the time', async (others, rests) => {
    const shared = machine(others, 0.1);
    await shared.work(2_000, 10);
    expect(shared.restedShare()).toBeCloseTo(rests, 1);
  });

  it('rests between pieces that are shorter than a rest', async () => {
    const shared = machine(0.2, 0.1);
    await shared.work(50_000, 0.2);
    expect(shared.restedShare()).toBeCloseTo(0.6, 1);
  });

  it('never rests so long that who waits for its end would notice', async () => {
    const shared = machine(0.5, 0.1);
    await shared.work(1, 60_000);
    expect(shared.rested()).toBeLessThanOrEqual(500);
  });
});
