/**
 * The partition that Kafka's own clients give to a key: murmur2 of its UTF-8 bytes, sign bit cleared, modulo the partition count.
 * Pure, about 1 us. Every adapter uses this one function, so a key lies in the same partition in memory, in Kafka and in other languages.
 */
export function partitionOfKey(key: string, partitions: number): number {
  return (murmur2(Buffer.from(key, 'utf8')) & 0x7fffffff) % partitions;
}

const SEED = 0x9747b28c;
const MIX = 0x5bd1e995;
const SHIFT = 24;

/** 32-bit murmur2 as `org.apache.kafka.common.utils.Utils.murmur2` computes it; a signed integer. */
export function murmur2(bytes: Uint8Array): number {
  const length = bytes.length;
  const whole = length - (length % 4);
  let hash = SEED ^ length;
  for (let at = 0; at < whole; at += 4) {
    let word = byte(bytes, at) | (byte(bytes, at + 1) << 8) | (byte(bytes, at + 2) << 16) | (byte(bytes, at + 3) << 24);
    word = Math.imul(word, MIX);
    word ^= word >>> SHIFT;
    hash = Math.imul(hash, MIX) ^ Math.imul(word, MIX);
  }
  if (length > whole) {
    if (length - whole > 2) hash ^= byte(bytes, whole + 2) << 16;
    if (length - whole > 1) hash ^= byte(bytes, whole + 1) << 8;
    hash = Math.imul(hash ^ byte(bytes, whole), MIX);
  }
  hash ^= hash >>> 13;
  hash = Math.imul(hash, MIX);
  return hash ^ (hash >>> 15);
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] ?? 0;
}
