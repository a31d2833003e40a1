import { describe, expect, it } from '@jest/globals';

import { byteaArray, textArray } from './binary-array.ts';

describe('an array in binary', () => {
  it('has a header, and a length before each value, in bytes', () => {
    const header = '00000001' + '00000001' + '00000019' + '00000003' + '00000001';
    expect(textArray(['a', null, 'ż🐢']).toString('hex')).toBe(`${header}0000000161ffffffff00000006${Buffer.from('ż🐢').toString('hex')}`);
  });

  it('without values has no dimension', () => {
    expect(textArray([]).toString('hex')).toBe('00000000' + '00000001' + '00000019');
  });

  it('takes bytes as they are', () => {
    const header = '00000001' + '00000001' + '00000011' + '00000001' + '00000001';
    expect(byteaArray([Buffer.from([0, 255])]).toString('hex')).toBe(`${header}0000000200ff`);
  });
});
