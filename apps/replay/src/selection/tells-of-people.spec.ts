import { describe, expect, it } from '@jest/globals';

import { tellsOfPeople } from './tells-of-people.ts';

const all = (topic: string) => ({ topic, partition: 0, from: 0, to: 10 });

describe('whether a choice tells of people', () => {
  it.each([
    ['names and addresses', { ranges: [all('orders')] }, true],
    ['bytes as a vendor sent them', { ranges: [all('raw.shopify')] }, true],
    ['an event about a person among others', { ranges: [all('orders')], types: ['order.paid', 'order.placed'] }, true],
    ['events without people of a topic that has some', { ranges: [all('orders')], types: ['order.paid'] }, false],
    ['a topic that no contract names', { ranges: [all('pancakes')] }, true],
    ['an event of a topic that is not read', { ranges: [all('inventory')], types: ['order.placed'] }, true],
  ])('%s', (_, selection, told) => {
    expect(tellsOfPeople(selection)).toBe(told);
  });
});
