import { inMemoryLog, LogUnavailable, type EventLog, type LogRecord, type NewRecord } from '@instep/event-log';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { openLakeLog, type LakeLog } from '../src/log/index.ts';
import { assertRestorable, restoreTopic } from '../src/restore/restore-topic.ts';
import { sampleLake, type SampleLake } from '../src/testing/lake-in-memory.ts';
import { sampleRecord } from '../src/testing/sample-records.ts';

const partitions = { orders: 2 };

describe('a topic that is restored from the lake', () => {
  let lake: SampleLake;
  let saved: LakeLog;
  let log: EventLog;
  beforeEach(async () => {
    lake = sampleLake(partitions);
    await lake.append('orders', 0, samples(0, 1_700));
    const odd = { key: 'other', type: undefined, sequence: undefined, value: Buffer.from('no event') } as unknown as NewRecord;
    await lake.append('orders', 1, [...samples(0, 3), odd, ...samples(3, 9)]);
    await lake.export({ records: 400 });
    saved = await openLakeLog({ folder: lake.folder, partitions });
    log = inMemoryLog({ topics: partitions });
  });
  afterEach(async () => {
    await saved.close();
    await log.close();
    await lake.remove();
  });

  it('holds every record at its offset, byte for byte, and nothing else', async () => {
    let told = 0;
    const parts = { saved, log, onRecords: (count: number) => (told += count) };
    const count = await assertRestorable(parts, 'orders');
    await restoreTopic(parts, 'orders');
    expect(count).toBe(1_710);
    expect(told).toBe(2 * count);
    for (const partition of [0, 1]) expect(await contentOf(log, partition)).toEqual(await contentOf(lake.log, partition));
  });

  it('must have been empty, be there, and have as many partitions', async () => {
    await log.append({ topic: 'orders', partition: 1 }, samples(0, 1));
    await expect(assertRestorable({ saved, log }, 'orders')).rejects.toMatchObject({
      code: 'lake/not-restorable',
      message: expect.stringContaining('orders/1 is not empty, its next offset is 1'),
    });
    const missing = inMemoryLog({ topics: { other: 1 } });
    await expect(assertRestorable({ saved, log: missing }, 'orders')).rejects.toThrow('The log has no topic orders: make it first');
    const narrow = inMemoryLog({ topics: { orders: 1 } });
    await expect(assertRestorable({ saved, log: narrow }, 'orders')).rejects.toThrow('has 1 partitions in the log and 2 in the lake');
  });

  it('is given up when somebody else writes into it', async () => {
    let intruded = false;
    const onRecords = (): void => {
      if (intruded) return;
      intruded = true;
      void log.append({ topic: 'orders', partition: 0 }, samples(0, 1));
    };
    await expect(restoreTopic({ saved, log, onRecords }, 'orders')).rejects.toMatchObject({
      code: 'lake/restore-disturbed',
      message: expect.stringContaining('stop all services'),
    });
  });

  it.each([
    ['nothing of it', 0],
    ['a part', 120],
    ['all of it', 500],
  ])('goes on when the log does not answer and has stored %s', async (_, stored) => {
    let answers = 0;
    const unsure: EventLog = {
      ...log,
      append: async (target, records) => {
        answers += 1;
        if (answers % 2 === 1) return await log.append(target, records);
        if (stored > 0) await log.append(target, records.slice(0, stored));
        throw new LogUnavailable('no answer');
      },
      bounds: async (topic) => {
        if (answers === 2) {
          answers += 2;
          throw new LogUnavailable('no answer');
        }
        return await log.bounds(topic);
      },
    };
    let told = 0;
    await restoreTopic({ saved, log: unsure, onRecords: (count) => (told += count) }, 'orders');
    expect(told).toBe(2 * 1_710);
    for (const partition of [0, 1]) expect(await contentOf(log, partition)).toEqual(await contentOf(lake.log, partition));
  });

  it('is given up when the log stays away', async () => {
    const away: EventLog = { ...log, append: () => Promise.reject(new LogUnavailable('no answer')) };
    await expect(restoreTopic({ saved, log: away }, 'orders')).rejects.toMatchObject({
      code: 'lake/restore-disturbed',
      message: expect.stringContaining('the log does not answer'),
    });
  });
});

function samples(from: number, to: number): NewRecord[] {
  return Array.from({ length: to - from }, (_, at) => sampleRecord(from + at));
}

async function contentOf(log: EventLog, partition: number): Promise<readonly object[]> {
  const records: LogRecord[] = [];
  for await (const batch of log.read({ topic: 'orders', partition }, 0, Number.MAX_SAFE_INTEGER)) records.push(...batch);
  return records.map(({ offset, key, type, sequence, value }) => ({
    offset,
    key,
    type: type ?? '',
    sequence,
    value: value.toString('latin1'),
  }));
}
