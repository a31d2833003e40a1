import { describe, expect, it } from '@jest/globals';
import { crc32c } from './crc32c.ts';

describe('crc32c', () => {
  it.each([
    ['123456789', 0xe3069283],
    ['', 0],
    ['a', 0xc1d04330],
    ['The quick brown fox jumps over the lazy dog', 0x22620404],
  ])('of %p is as published', (text, expected) => {
    const bytes = Buffer.from(text);
    expect(crc32c(bytes, 0, bytes.length)).toBe(expected);
  });

  it('of 32 zero bytes is as RFC 3720 gives it', () => {
    expect(crc32c(new Uint8Array(32), 0, 32)).toBe(0x8a9136aa);
  });

  it('covers exactly the bytes asked for', () => {
    const bytes = Buffer.from('xx123456789yy');
    expect(crc32c(bytes, 2, 11)).toBe(0xe3069283);
  });
});
