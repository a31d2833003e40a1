import { createHash } from 'node:crypto';

import { shopifyOrder } from '@instep/testkit';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { allFixtures, cancelledOrder, fixture } from '../../../test/fixtures.ts';
import { mapped, mappedOrder, mappedRefund } from '../../../test/mapping.ts';
import { mapWebhook } from './map-webhook.ts';
import { shopifyTopics } from './topics.ts';

type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

describe('every real body', () => {
  it.each(allFixtures)('%s %s is mapped to what its contract says', (topic, file, name) => {
    const { data } = mapped(topic, fixture(file, name));
    expect(data.contentHash).toHaveLength(27);
    const { reportedAt } = data;
    expect(reportedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  it.each([
    [
      'customers/create',
      'rest-2026-07-extracted/customer.single',
      'customer',
      { channelCustomerId: '207119551', tags: ['New Customer', 'Repeat Customer'], acceptsMarketing: false },
    ],
    [
      'fulfillments/create',
      'rest-2026-07-extracted/fulfillment.single',
      'fulfillment',
      { channelOrderId: '450789469', fulfillment: { status: 'failed', tracking: { company: 'USPS' } } },
    ],
    [
      'fulfillments/create',
      'rest-fixtures-python-sdk/fulfillment',
      'fulfillment',
      { fulfillment: { status: 'pending', locationId: null } },
    ],
    [
      'products/create',
      'rest-2026-07-extracted/product.single',
      'product',
      { channelProductId: '632910392', variants: [{ item: 'IPOD2008PINK', inventoryItemId: '808950810', price: '199' }, {}, {}, {}] },
    ],
    [
      'inventory_levels/update',
      'rest-2026-07-extracted/inventory_level.single',
      'inventory_level',
      { inventoryItemId: '808950810', locationId: '655441491', available: '42' },
    ],
  ])('%s %s says what it says', (topic, file, name, expected) => {
    expect(mapped(topic, fixture(file, name)).data).toMatchObject(expected);
  });
});

describe('topics that say nothing to departments', () => {
  it.each(['orders/edited', 'orders/delete', 'carts/create', '__proto__', ''])('%j is kept raw and no more', (topic) => {
    expect(mapWebhook(topic, 'not even JSON', { tenant: 'demo', channel: 'sample' })).toBeUndefined();
  });
});

describe('a body that cannot be mapped', () => {
  it.each([
    ['no JSON', 'orders/create', '<html>', 'shopify/not-json', ''],
    ['a list', 'orders/create', '[]', 'shopify/wrong-type', ''],
    ['no id', 'orders/create', '{"currency":"USD","created_at":"2026-01-01T00:00:00Z"}', 'shopify/missing', '/id'],
    ['no currency', 'orders/create', '{"id":1}', 'shopify/missing', '/currency'],
    ['lines that are no list', 'orders/create', '{"id":1,"currency":"USD","line_items":{}}', 'shopify/wrong-type', '/line_items'],
    [
      'a price that is no number',
      'orders/create',
      '{"id":1,"currency":"USD","line_items":[{"id":1,"quantity":1,"price":"a lot"}]}',
      'shopify/wrong-type',
      '/line_items/0/price',
    ],
    [
      'a time without offset',
      'orders/create',
      '{"id":1,"currency":"USD","created_at":"2026-01-01 10:00"}',
      'shopify/wrong-type',
      '/created_at',
    ],
    [
      'a name of a tome',
      'products/create',
      JSON.stringify({ id: 1, created_at: '2026-01-01T00:00:00Z', title: 'a lot '.repeat(2_000) }),
      'shopify/out-of-bounds',
      '/title',
    ],
    ['a refund of no order', 'refunds/create', '{"id":1,"created_at":"2026-01-01T00:00:00Z"}', 'shopify/missing', '/order_id'],
  ])('(%s) says where, and never with the value', (_name, topic, body, code, path) => {
    expect.assertions(3);
    try {
      mapWebhook(topic, body, { tenant: 'demo', channel: 'sample' });
    } catch (error) {
      expect(error).toMatchObject({ code, transient: false, paths: [{ path }] });
      expect((error as Error).message).not.toContain('a lot');
      expect((error as Error).message.startsWith(path || '/')).toBe(true);
    }
  });

  it('is found out, however it is broken: nothing else is ever thrown', () => {
    const bodies = allFixtures.map(([topic, file, name]) => [topic, JSON.stringify(fixture(file, name))] as const);
    const mutation = fc.tuple(
      fc.nat(),
      fc.oneof(
        fc.jsonValue() as fc.Arbitrary<Json>,
        fc.constantFrom<Json>('1e3', -1, 1e300, 1e-7, '', [], {}, 'gid://shopify/Order/1', '9'.repeat(59), 0.1),
      ),
      fc.boolean(),
    );
    fc.assert(
      fc.property(fc.constantFrom(...bodies), fc.array(mutation, { minLength: 1, maxLength: 4 }), ([topic, body], mutations) => {
        const changed = mutations.reduce<Json>(
          (value, [at, replacement, remove]) => mutate(value, at, replacement, remove),
          JSON.parse(body),
        );
        try {
          mapped(topic, JSON.stringify(changed));
        } catch (error) {
          expect((error as { code?: string }).code).toMatch(/^shopify\//);
        }
      }),
      { numRuns: 3_000 },
    );
  });

  it('may be a million levels deep', () => {
    const deep = `{"id":1,"currency":"USD","created_at":"2026-01-01T00:00:00Z","note_attributes":${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}}`;
    expect(mappedOrder(deep).channelOrderId).toBe('1');
  });
});

describe('the content hash', () => {
  it('is the same for the same facts in another order of keys, at another time', () => {
    const body = cancelledOrder();
    const later = reversedKeys({ ...body, updated_at: '2026-01-01T00:00:00Z', browser_ip: '1.2.3.4' }) as object;
    expect(mappedOrder(later).contentHash).toBe(mappedOrder(body).contentHash);
    expect(mappedOrder(later).reportedAt).not.toBe(mappedOrder(body).reportedAt);
  });

  it('is another one for other facts', () => {
    const { contentHash } = mappedOrder(cancelledOrder());
    expect(mappedOrder({ ...cancelledOrder(), financial_status: 'paid' }).contentHash).not.toBe(contentHash);
    expect(mappedOrder({ ...cancelledOrder(), note: 'ring twice' }).contentHash).not.toBe(contentHash);
  });

  it('of a refund is the same inside its order and alone', () => {
    const order = shopifyOrder({
      id: 5,
      number: 1001,
      placedAt: '2026-01-01T00:00:00.000Z',
      lines: [{ sku: 'A', price: '11.90', quantity: 2 }],
      taxesIncluded: true,
      shipping: '5.00',
    })
      .paid('2026-01-01T00:01:00.000Z')
      .refunded({ at: '2026-01-01T00:02:00.000Z', lines: [{ line: 0, quantity: 1, restock: 'return' }], shipping: true });
    const alone = mappedRefund(order.refundBody());
    expect(alone.refund).toEqual(mappedOrder(order.body()).refunds[0]);
    expect(alone.contentHash).toBe(createHash('sha256').update(JSON.stringify(alone.refund)).digest('base64url').slice(0, 27));
  });
});

it('every topic has a kind and says where its id is', () => {
  for (const { kind, idFields } of shopifyTopics.values()) {
    expect(kind).toMatch(/^[a-z]+$/);
    expect(idFields.length).toBeGreaterThan(0);
  }
});

/** Replaces, or removes, the value at the place with this number. */
function mutate(value: Json, at: number, replacement: Json, remove: boolean): Json {
  const places: [container: Json[] | { [name: string]: Json }, key: string | number][] = [];
  const collect = (container: Json): void => {
    if (Array.isArray(container)) for (const [index, item] of container.entries()) note(container, index, item);
    else if (typeof container === 'object' && container !== null)
      for (const [name, item] of Object.entries(container)) note(container, name, item);
  };
  const note = (container: Json[] | { [name: string]: Json }, key: string | number, item: Json): void => {
    places.push([container, key]);
    collect(item);
  };
  collect(value);
  const place = places[at % Math.max(1, places.length)];
  if (!place) return replacement;
  const [container, key] = place;
  if (Array.isArray(container)) container.splice(Number(key), 1, ...(remove ? [] : [replacement]));
  else if (remove) Reflect.deleteProperty(container, key);
  else container[key] = replacement;
  return value;
}

function reversedKeys(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversedKeys);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([name, item]) => [name, reversedKeys(item)]),
  );
}
