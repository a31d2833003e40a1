import { describe, expect, it } from '@jest/globals';

import { leaderKilled } from '../chaos/faults/brokers.ts';
import { killedInRelay } from '../chaos/faults/killed-at-failpoints.ts';
import { answersDropped } from '../chaos/faults/network.ts';
import { zombieOfStock } from '../chaos/faults/zombies.ts';
import { runChaos } from '../chaos/index.ts';

/** The rest, and longer, by `npm run chaos`. */
const chosen = [killedInRelay, answersDropped, zombieOfStock, leaderKilled];

describe('a company on three brokers, broken on purpose', () => {
  it('loses, doubles, oversells, unbalances and re-orders nothing, and is never stuck', async () => {
    const said: string[] = [];
    const { good, rows } = await runChaos({
      faults: chosen.map((fault) => ({ ...fault, ground: 'three-brokers' })),
      extent: 'quick',
      soakMinutes: 1,
      perSecond: 20,
      seed: 4,
      signal: new AbortController().signal,
      say: (line) => void said.push(line),
    });
    expect({ good, said: good ? [] : said }).toEqual({ good: true, said: [] });
    expect(rows.map(({ fault }) => fault.id)).toEqual(chosen.map(({ id }) => id));
    for (const { acknowledged } of rows) expect(acknowledged).toBeGreaterThan(50);
  }, 600_000);
});
