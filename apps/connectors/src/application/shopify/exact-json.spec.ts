import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { parseExactly } from './exact-json.ts';

describe('reading JSON exactly', () => {
  it('keeps an id beyond 2^53 and an amount with more digits than a double', () => {
    expect(parseExactly('{"id":820982911946154508,"n":[12345678901234567.89,-0.12345678901234567]}')).toEqual({
      id: '820982911946154508',
      n: ['12345678901234567.89', '-0.12345678901234567'],
    });
  });

  it('leaves strings alone, whatever looks like a number in them', () => {
    const value = { text: 'x: 820982911946154508, "quoted \\" 1234567890123456789"', '[12345678901234567890': [1, 'a\\'] };
    expect(parseExactly(JSON.stringify({ ...value, id: 1 }).replace('"id":1', '"id":12345678901234567890'))).toEqual({
      ...value,
      id: '12345678901234567890',
    });
  });

  it('is JSON.parse for everything that a double holds', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const long = /\d[\d.eE+-]{15,}/.test(json);
        if (!long) expect(parseExactly(json)).toEqual(JSON.parse(json));
        else parseExactly(json);
      }),
    );
  });

  it.each(['', '{', '{"id":}', '\u0000', '[1,]', 'undefined', '{"id":12345678901234567890'])('says that %j is not JSON', (json) => {
    expect(() => parseExactly(json)).toThrow(expect.objectContaining({ code: 'shopify/not-json' }));
  });
});
