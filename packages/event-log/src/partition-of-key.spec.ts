import { describe, expect, it } from '@jest/globals';
import { murmur2, partitionOfKey } from './partition-of-key.ts';

describe('murmur2', () => {
  // Expected values are those of Kafka's own UtilsTest.testMurmur2.
  it.each([
    ['21', -973932308],
    ['foobar', -790332482],
    ['a-little-bit-long-string', -985981536],
    ['a-little-bit-longer-string', -1486304829],
    ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
    ['abc', 479470107],
  ])('gives %s the hash that the Java client gives it', (key, hash) => {
    expect(murmur2(Buffer.from(key))).toBe(hash);
  });
});

describe('partitionOfKey', () => {
  it('is within the partitions, also for a negative hash', () => {
    expect(partitionOfKey('foobar', 6)).toBe((-790332482 & 0x7fffffff) % 6);
  });

  it('hashes the UTF-8 bytes of a key', () => {
    expect(partitionOfKey('demo/größe-店', 1_000_003)).toBe((murmur2(Buffer.from('demo/größe-店', 'utf8')) & 0x7fffffff) % 1_000_003);
  });
});
