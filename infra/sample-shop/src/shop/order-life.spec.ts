import { describe, expect, it } from '@jest/globals';

import { seededChance } from './chance.ts';
import { chooseLife, type Life } from './order-life.ts';

const lives = (seed: number, count: number): readonly Life[] => {
  const chance = seededChance(seed);
  return Array.from({ length: count }, (_, n) =>
    chooseLife(chance, { id: 1_764_000_000_000 + n, number: n, placedAt: '2026-03-01T10:00:00Z' }),
  );
};

const newsOf = ({ steps }: Life): readonly string[] => steps.map((step) => (step.kind === 'release' ? 'release' : step.topic));

/** The order after every step, a second after the one before. */
function lived({ order, steps }: Life): Life['order'] {
  return steps.reduce(
    (now, step, index) => (step.kind === 'webhook' ? step.change(now, `2026-03-01T11:00:${String(index).padStart(2, '0')}Z`) : now),
    order,
  );
}

describe('the lives of orders', () => {
  it('follow from the seed', () => {
    expect(lives(42, 50).map(newsOf)).toEqual(lives(42, 50).map(newsOf));
    expect(lives(42, 50).map(newsOf)).not.toEqual(lives(43, 50).map(newsOf));
  });

  it('hold everything that can happen to an order', () => {
    const all = lives(1, 2_000);
    const kinds = new Set(all.flatMap(newsOf));
    expect([...kinds].sort()).toEqual([
      'fulfillments/create',
      'orders/cancelled',
      'orders/create',
      'orders/fulfilled',
      'orders/paid',
      'orders/updated',
      'refunds/create',
      'release',
    ]);
    const deliveries = new Set(all.flatMap(({ steps }) => steps.map((step) => (step.kind === 'webhook' ? step.delivery : 'once'))));
    expect([...deliveries].sort()).toEqual(['late', 'once', 'twice']);
    expect(all.filter((life) => newsOf(life).filter((topic) => topic === 'fulfillments/create').length === 2).length).toBeGreaterThan(100);
    expect(all.filter(({ order }) => order.state.settings.customer === null).length).toBeGreaterThan(20);
  });

  it('never let late news hold up a shipment that waits for them', () => {
    for (const { steps } of lives(7, 2_000)) {
      steps.forEach((step, index) => {
        const next = steps[index + 1];
        if (step.kind === 'webhook' && step.delivery === 'late') expect(next).toMatchObject({ kind: 'webhook', onceConfirmed: false });
      });
    }
  });

  it('ship no more than was ordered and give back no more than was paid', () => {
    for (const life of lives(3, 500)) {
      const { lines, received, refunds } = lived(life).state;
      for (const line of lines) expect(line.shipped).toBeLessThanOrEqual(line.ordered - line.removed);
      expect(refunds.reduce((sum, { money }) => sum + money.shop, 0)).toBeLessThanOrEqual(received.shop);
    }
  });
});
