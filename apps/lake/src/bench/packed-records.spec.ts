import { describe, expect, it } from '@jest/globals';

import { PackedRecords } from './packed-records.ts';

const target = { topic: 'orders', partition: 2 };

function packed(count: number): PackedRecords {
  const records = new PackedRecords(target);
  for (let n = 0; n < count; n += 1)
    records.push({ key: `größe/${n}`, type: `type-${n % 3}`, value: Buffer.from(`{"n":${n}}`), timestamp: n });
  return records;
}

describe('packed records', () => {
  it.each([
    [0, 0],
    [0, 1],
    [0, 4_500],
    [1_999, 2_001],
    [2_000, 4_000],
    [3_999, 9_999],
    [4_500, 4_600],
  ])('from %p to %p are given as they were put in', (from, to) => {
    const read = [...packed(4_500).read(from, to)].flat();
    expect(read).toHaveLength(Math.max(0, Math.min(to, 4_500) - from));
    for (const [index, record] of read.entries()) {
      const n = from + index;
      expect({ ...record, value: record.value.toString() }).toEqual({
        ...{ ...target, offset: n, key: `größe/${n}`, type: `type-${n % 3}`, timestamp: n },
        ...{ sequence: { epoch: 1, n: n + 1 }, value: `{"n":${n}}` },
      });
    }
  });

  it('can be added to after they were read', () => {
    const records = packed(10);
    expect([...records.read(0, 100)].flat()).toHaveLength(10);
    records.push({ key: 'k', type: 't', value: Buffer.from('v'), timestamp: 0 });
    expect([...records.read(9, 100)].flat().map(({ offset, key }) => [offset, key])).toEqual([
      [9, 'größe/9'],
      [10, 'k'],
    ]);
  });
});
