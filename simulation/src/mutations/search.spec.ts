import { describe, expect, it } from '@jest/globals';

import type { SeedRun } from '../command/seed-runner.ts';
import { median, search } from './search.ts';

const brokenFrom =
  (seed: number) =>
  async (asked: number): Promise<SeedRun> => {
    const violations = asked % 10 >= seed ? [{ invariant: 'INV-1', text: `lost in ${String(asked)}`, virtualMs: 1 }] : [];
    return { ms: 1, result: { seed: asked, violations } as unknown as SeedRun['result'] };
  };

describe('looking for a defect', () => {
  it('counts the worlds from each start and keeps what was seen first where it took the fewest', async () => {
    expect(await search([0, 12], 10, brokenFrom(3))).toEqual({ after: [4, 2], symptom: 'INV-1: lost in 13' });
  });

  it('gives up after so many worlds', async () => {
    expect(await search([0, 12], 2, brokenFrom(3))).toEqual({ after: [undefined, 2], symptom: 'INV-1: lost in 13' });
    expect(await search([0], 3, brokenFrom(9))).toEqual({ after: [undefined], symptom: '' });
  });

  it('takes the lower middle of an even number', () => {
    expect([median([9, 1, 5]), median([4, 2]), median([])]).toEqual([5, 2, 0]);
  });
});
