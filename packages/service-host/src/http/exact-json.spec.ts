import { describe, expect, it } from '@jest/globals';

import { parseExactJson } from './exact-json.ts';
import type { Problem } from './problem.ts';

const parse = (text: string): unknown => parseExactJson(Buffer.from(text));

function problemOf(text: string): Problem {
  try {
    parse(text);
  } catch (error) {
    return error as Problem;
  }
  throw new Error('it was accepted');
}

describe('a JSON body', () => {
  it.each([
    '9007199254740991',
    '-0',
    '0',
    '1.10',
    '12345.678901234',
    '1e3',
    '1E-7',
    '0.1',
    '100000000000000000000',
    '1.7976931348623157e308',
    '"820982911946154508"',
  ])('keeps %s', (number) => {
    expect(parse(`{"n":${number}}`)).toEqual({ n: JSON.parse(number) as unknown });
  });

  it.each(['820982911946154508', '9007199254740993', '0.1234567890123456789', '1e400', '-1e-400', '1.00000000000000000001'])(
    'refuses %s',
    (number) => {
      expect(problemOf(`{"lines":[{"id":1},{"id":${number}}]}`)).toMatchObject({
        status: 400,
        code: 'request/inexact-number',
        extras: { paths: [{ path: '/lines/1/id' }] },
      });
    },
  );

  it('refuses such a number at the top, too', () => {
    expect(problemOf('9007199254740993').extras.paths).toEqual([{ path: '', message: expect.stringContaining('9007199254740993') }]);
  });

  it('may hold long digits in strings', () => {
    expect(parse('{"card":"1234567890123456789","n":1}')).toEqual({ card: '1234567890123456789', n: 1 });
  });

  it('is refused when it is nested too deep, however deep that is', () => {
    expect(problemOf('['.repeat(65) + ']'.repeat(65)).code).toBe('request/too-deep');
    expect(problemOf('{"a":'.repeat(150_000) + '1' + '}'.repeat(150_000)).code).toBe('request/too-deep');
    expect(parse('['.repeat(64) + ']'.repeat(64))).toBeInstanceOf(Array);
  });

  it('cannot reach prototypes', () => {
    expect(problemOf('{"a":{"__proto__":{"x":1}}}').code).toBe('request/forbidden-name');
    expect(problemOf('{"\\u005f_proto__":1}').code).toBe('request/forbidden-name');
    expect(problemOf('{"constructor":{"prototype":{"x":1}}}').code).toBe('request/forbidden-name');
    expect(parse('{"constructor":"Eiffel"}')).toEqual({ constructor: 'Eiffel' });
  });
});
