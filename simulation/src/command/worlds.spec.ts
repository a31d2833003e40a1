import { availableParallelism } from 'node:os';

import { describe, expect, it } from '@jest/globals';

import type { WorldResult } from '../evidence.ts';
import { search } from '../mutations/search.ts';
import { mutationNamed } from '../mutations/table/index.ts';
import { runSeeds } from './seed-pool.ts';
import { SeedRunner } from './seed-runner.ts';
import { asPlanned } from './variant.ts';

const longMs = 180_000;

describe('the simulation', () => {
  it(
    'keeps every promise in 60 worlds',
    async () => {
      const seeds = Array.from({ length: 60 }, (_, index) => 1_001 + index);
      const broken: WorldResult[] = [];
      let worlds = 0;
      await runSeeds(seeds, availableParallelism(), ({ result }) => {
        worlds += 1;
        if (result.violations.length > 0) broken.push(result);
        return false;
      });
      expect(broken.map(({ seed, violations }) => ({ seed, violations }))).toEqual([]);
      expect(worlds).toBe(60);
    },
    longMs,
  );

  it(
    'gives the same world in any process',
    async () => {
      const [first, second] = [new SeedRunner(), new SeedRunner()];
      try {
        const [one, other] = [await first.run(7, asPlanned), await second.run(7, asPlanned)];
        expect(one.result).toEqual(other.result);
      } finally {
        first.stop();
        second.stop();
      }
    },
    longMs,
  );

  it.each(['mark-then-do', 'relay-without-ledger', 'gap-ignored', 'stale-report-wins'])(
    'finds the defect %s',
    async (name) => {
      const { within } = mutationNamed(name);
      const runner = new SeedRunner(name);
      try {
        const { after, symptom } = await search([1], within === 'never' ? 0 : within, (seed) => runner.run(seed, asPlanned));
        expect(after).toEqual([expect.any(Number)]);
        expect(symptom).toMatch(/^\w+(-\d+)?: /);
      } finally {
        runner.stop();
      }
    },
    longMs,
  );

  it('says why a world could not be run', async () => {
    const runner = new SeedRunner('no-such-mutation');
    await expect(runner.run(1, asPlanned)).rejects.toThrow(/There is no mutation "no-such-mutation"/);
    runner.stop();
  });
});
