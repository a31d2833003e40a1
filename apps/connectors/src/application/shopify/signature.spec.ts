import { sign } from '@instep/testkit';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';

import { isAuthentic } from './signature.ts';

const body = Buffer.from('{"id":1, "note":"ä"}');
const secret = 'a secret';
const signature = sign(body, secret);

describe('the signature of a webhook', () => {
  it('is right over exactly these bytes', () => {
    expect(isAuthentic(body, signature, [secret])).toBe(true);
    expect(isAuthentic(Buffer.from(JSON.stringify(JSON.parse(body.toString()))), signature, [secret])).toBe(false);
  });

  it('is wrong after any change of one bit, of the body or of itself', () => {
    fc.assert(
      fc.property(fc.nat(body.length * 8 - 1), (bit) => {
        expect(isAuthentic(flipped(body, bit), signature, [secret])).toBe(false);
      }),
    );
    fc.assert(
      fc.property(fc.nat(32 * 8 - 1), (bit) => {
        expect(isAuthentic(body, flipped(Buffer.from(signature, 'base64'), bit).toString('base64'), [secret])).toBe(false);
      }),
    );
  });

  it('may be of the secret before, while it is rotated', () => {
    expect(isAuthentic(body, signature, ['new', secret])).toBe(true);
    expect(isAuthentic(body, signature, ['new'])).toBe(false);
    expect(isAuthentic(body, signature, [])).toBe(false);
  });

  it.each([
    ['none', undefined],
    ['empty', ''],
    ['too short', signature.slice(0, -2)],
    ['too long', `${signature}AAAA`],
    ['hex', Buffer.from(signature, 'base64').toString('hex')],
    ['url-safe', signature.replaceAll('+', '-').replaceAll('/', '_').replace('=', '.')],
    ['not base64', '!'.repeat(44)],
    ['with a space', ` ${signature}`],
    ['with unused bits set', `${signature.slice(0, 42)}${signature[42] === 'B' ? 'D' : 'B'}=`],
    ['of another secret', sign(body, 'another')],
    ['of an empty secret', sign(body, '')],
  ])('%s is refused', (_name, given) => {
    expect(isAuthentic(body, given, [secret])).toBe(false);
  });
});

function flipped(bytes: Buffer, bit: number): Buffer {
  const changed = Buffer.from(bytes);
  changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return changed;
}
