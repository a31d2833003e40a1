import { describe, expect, it } from '@jest/globals';

import { vendorObjectId } from './raw-key.ts';

const keyOf = (topic: string, body: string, webhookId: string | null = 'w-1') =>
  vendorObjectId('sample', topic, Buffer.from(body), webhookId);

describe('the key of a raw webhook', () => {
  it.each([
    ['orders/create', '{"id":820982911946154508}', 'sample:order:820982911946154508'],
    ['refunds/create', '{"id":1,"order_id":5}', 'sample:order:5'],
    ['fulfillments/update', '{"id":1,"order_id":5}', 'sample:order:5'],
    ['orders/edited', '{"order_edit":{"id":1,"order_id":5}}', 'sample:order:5'],
    ['orders/delete', '{"id":5}', 'sample:order:5'],
    ['customers/update', '{"id":"gid://shopify/Customer/9"}', 'sample:customer:9'],
    ['products/create', '{"id":9}', 'sample:product:9'],
    ['inventory_levels/update', '{"location_id":2,"inventory_item_id":1}', 'sample:stock:1@2'],
    ['carts/create', '{"id":"4"}', 'sample:carts:4'],
    ['nonsense', '{"id":4}', 'sample:other:4'],
  ])('of %s puts everything about one object together', (topic, body, key) => {
    expect(keyOf(topic, body)).toBe(key);
  });

  it.each(['', 'no json', '{"id":', '{"id":{}}', '{"id":1.5}', '{"id":"../../x"}', '[]'])(
    'of a body without id (%j) stands alone',
    (body) => {
      expect(keyOf('orders/create', body)).toBe('sample:unkeyed:w-1');
    },
  );

  it('comes from the bytes when there is no webhook id either', () => {
    expect(keyOf('orders/create', 'x', null)).toBe(keyOf('orders/create', 'x', null));
    expect(keyOf('orders/create', 'x', null)).not.toBe(keyOf('orders/create', 'y', null));
  });
});
