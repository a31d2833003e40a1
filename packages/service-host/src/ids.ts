import { randomFillSync } from 'node:crypto';

export type Ids = () => string;

const POOL_BYTES = 4096;
const RANDOM_BYTES = 10;

/** UUIDs of version 7: new rows go to the end of an index. Those of one millisecond are in no order. */
export function uuids(now: () => number): Ids {
  const pool = Buffer.alloc(POOL_BYTES);
  let used = POOL_BYTES;
  return () => {
    if (used + RANDOM_BYTES > POOL_BYTES) {
      randomFillSync(pool);
      used = 0;
    }
    const random = pool.subarray(used, used + RANDOM_BYTES);
    used += RANDOM_BYTES;
    random.writeUInt8((random.readUInt8(0) & 0x0f) | 0x70, 0);
    random.writeUInt8((random.readUInt8(2) & 0x3f) | 0x80, 2);
    const time = now().toString(16).padStart(12, '0');
    const hex = random.toString('hex');
    return `${time.slice(0, 8)}-${time.slice(8)}-${hex.slice(0, 4)}-${hex.slice(4, 8)}-${hex.slice(8)}`;
  };
}
