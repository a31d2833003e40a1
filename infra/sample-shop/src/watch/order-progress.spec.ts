import { describe, expect, it } from '@jest/globals';

import { OrderProgress } from './order-progress.ts';

describe('counting orders', () => {
  it('counts an order once, however often it is told of', () => {
    const progress = new OrderProgress();
    for (const type of ['order.placed', 'order.shipped', 'order.shipped', 'journal.posted', 'journal.posted']) progress.note('a', type);
    expect(progress.counts).toMatchObject({ placed: 1, shipped: 1, booked: 1, confirmed: 0 });
  });

  it('counts nothing of orders that were placed before, and all of one whose placing comes last', () => {
    const progress = new OrderProgress();
    progress.note('a', 'journal.posted');
    expect(progress.counts.booked).toBe(0);
    progress.note('a', 'order.placed');
    expect(progress.counts).toMatchObject({ placed: 1, booked: 1 });
  });

  it('knows who waits and who is on hold now, and who ever did', () => {
    const progress = new OrderProgress();
    progress.note('a', 'order.placed', true);
    progress.note('b', 'order.placed');
    progress.note('b', 'order.backordered');
    expect(progress.counts).toMatchObject({ held: 1, onHold: 1, short: 1, waiting: 1 });
    progress.note('a', 'order.released');
    progress.note('b', 'order.confirmed');
    expect(progress.counts).toMatchObject({ held: 1, onHold: 0, short: 1, waiting: 0, confirmed: 1 });
    expect(progress.is('b', 'confirmed')).toBe(true);
  });
});
