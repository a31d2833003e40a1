import { describe, expect, it } from '@jest/globals';

import { requestHash } from './request-hash.ts';

describe('the hash of a request', () => {
  it('does not depend on how the body was written', () => {
    expect(requestHash('POST', '/orders', { a: 1, b: { c: [1, 2], d: null } })).toBe(
      requestHash('POST', '/orders', { b: { d: null, c: [1, 2] }, a: 1 }),
    );
  });

  it('tells method, path, query, content and order of lists apart', () => {
    const hashes = [
      requestHash('POST', '/orders', { a: [1, 2] }),
      requestHash('PUT', '/orders', { a: [1, 2] }),
      requestHash('POST', '/order', { a: [1, 2] }),
      requestHash('POST', '/orders?x=1', { a: [1, 2] }),
      requestHash('POST', '/orders', { a: [2, 1] }),
      requestHash('POST', '/orders', undefined),
      requestHash('POST', '/orders', Buffer.from('{"a":[1,2]} ')),
    ];
    expect(new Set(hashes).size).toBe(hashes.length);
  });
});
