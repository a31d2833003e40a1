import { describe, expect, it } from '@jest/globals';

import { serviceNamed, topicsNamed, wildcard } from './names.ts';

describe('a pattern', () => {
  it('stands for anything where it has a star, and for nothing else', () => {
    expect(wildcard('order.*')('order.placed')).toBe(true);
    expect(wildcard('*.placed')('order.placed')).toBe(true);
    expect(wildcard('order.*')('reorder.placed')).toBe(false);
    expect(wildcard('order.placed')('orderXplaced')).toBe(false);
  });
});

describe('names', () => {
  it('of topics are those of the contracts', () => {
    expect(topicsNamed([]).length).toBeGreaterThan(10);
    expect(topicsNamed(['dead-letters.*', 'orders']).map(({ name }) => name)).toContain('orders');
    expect(topicsNamed(['dead-letters.*']).map(({ name }) => name)).not.toContain('orders');
    expect(() => topicsNamed(['nothing'])).toThrow(/There is no topic "nothing": there are raw\.shopify/);
  });

  it('of services are those there are', () => {
    expect(serviceNamed('finance')).toBe('finance');
    expect(() => serviceNamed('sales')).toThrow(/There is no service "sales": there are connectors/);
  });
});
