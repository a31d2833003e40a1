import { describe, expect, it } from '@jest/globals';

import type { WorldResult } from '../evidence.ts';
import { shrink } from './shrink.ts';
import type { Variant } from './variant.ts';

const world: WorldResult = {
  seed: 7,
  violations: [{ invariant: 'INV-1', text: 'lost', virtualMs: 1 }],
  coverage: {},
  crashes: 0,
  lostMessages: 0,
  virtualMs: 0,
  orders: 40,
  steps: 0,
  faults: ['kill', 'pause', 'rebalance'],
  traceHash: '',
  trace: [],
};

describe('shrinking a world that fails', () => {
  it('leaves out every fault that is not needed and halves the orders for as long as it fails', async () => {
    const needs = ({ without, orders = 40 }: Variant): WorldResult | undefined =>
      !without.includes('pause') && orders >= 10
        ? { ...world, orders, faults: world.faults.filter((fault) => !without.includes(fault)) }
        : undefined;
    const { variant, result } = await shrink(world, async (tried) => needs(tried));
    expect(variant).toEqual({ without: ['kill', 'rebalance'], orders: 10 });
    expect(result).toMatchObject({ orders: 10, faults: ['pause'] });
  });

  it('gives the world as it was when nothing can be left out', async () => {
    expect(await shrink(world, async () => undefined)).toEqual({ variant: { without: [] }, result: world });
  });
});
