import { describe, expect, it } from '@jest/globals';
import { DeniedTopics } from './denied-topics.ts';

describe('topics that the log denies', () => {
  it('are gone when they are denied for long, each by itself', () => {
    const denied = new DeniedTopics(30_000);
    expect(denied.isGone('orders', 1_000)).toBe(false);
    expect(denied.isGone('people', 20_000)).toBe(false);
    expect(denied.isGone('orders', 31_000)).toBe(false);
    expect(denied.isGone('orders', 31_001)).toBe(true);
    expect(denied.isGone('people', 31_001)).toBe(false);
  });

  it('begin anew once they answered', () => {
    const denied = new DeniedTopics(30_000);
    denied.isGone('orders', 1_000);
    denied.there('orders');
    expect(denied.isGone('orders', 40_000)).toBe(false);
  });
});
