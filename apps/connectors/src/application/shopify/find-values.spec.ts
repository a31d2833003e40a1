import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { findValues } from './find-values.ts';

const find = (json: string, ...names: string[]) => Object.fromEntries(findValues(Buffer.from(json), names));

describe('finding values without parsing', () => {
  it('finds the id at the top, not one inside, and keeps all its digits', () => {
    expect(find('{"line":{"id":1},"list":[{"id":2},3],"text":"{\\"id\\":4}","id" : 820982911946154508}', 'id')).toEqual({
      id: '820982911946154508',
    });
  });

  it('finds several, text too, and one level deeper by path', () => {
    expect(find('{"order_edit":{"id":1,"x":[{"order_id":9}],"order_id":2}}', 'order_edit/order_id')).toEqual({
      'order_edit/order_id': '2',
    });
    expect(find('{"a":"gid://shopify/Order/7","b":5}', 'a', 'b')).toEqual({ a: 'gid://shopify/Order/7', b: '5' });
  });

  it('agrees with JSON.parse', () => {
    const value = fc.oneof(fc.nat(), fc.string(), fc.json(), fc.constant(null), fc.array(fc.nat()), fc.record({ id: fc.nat() }));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), value), fc.nat(), fc.boolean(), (others, id, first) => {
        const { id: _other, ...rest } = others;
        const json = JSON.stringify(first ? { id, ...rest } : { ...rest, id });
        expect(find(json, 'id')).toEqual({ id: String(id) });
      }),
    );
  });

  it('reads any bytes to their end', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        findValues(Buffer.from(bytes), ['id', 'a/b']);
      }),
    );
    expect(find('[', 'id')).toEqual({});
    expect(find('["id",5]', 'id')).toEqual({});
    expect(find('}{"id":5}', 'id')).toEqual({});
    expect(find('{"id":"', 'id')).toEqual({ id: '' });
  });

  it('walks through JSON a million levels deep', () => {
    expect(find('{"a":'.repeat(1_000_000) + '1' + '}'.repeat(1_000_000), 'id')).toEqual({});
  });
});
