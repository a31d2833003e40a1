import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { LogReader } from '../reading/log-reader.ts';
import type { LogRecord, NewRecord, TopicPartition } from '../record.ts';
import type { ConformanceTopic } from './conformance-topic.ts';
import { numbered, range } from './numbered-records.ts';

export const READ_TOPICS = { bounds: 2, reading: 1, whole: 1 } as const;
type ReadTopic = keyof typeof READ_TOPICS;

export interface ReadingParts {
  log(): LogReader;
  /** What is appended can be read once it resolves. */
  append(target: TopicPartition, records: readonly NewRecord[]): Promise<unknown>;
  topic(of: ReadTopic): string;
  /** A topic that is not there. */
  readonly absent: string;
}

export interface LogReaderUnderTest {
  readonly log: LogReader;
  append(target: TopicPartition, records: readonly NewRecord[]): Promise<unknown>;
  close(): Promise<void>;
}

/** What everything that can be read as the log does. `make` is called once, with topics that are new in each run. */
export function describeLogReader(name: string, make: (topics: readonly ConformanceTopic[]) => Promise<LogReaderUnderTest>): void {
  describe(`${name} as a log to read`, () => {
    const run = randomUUID().slice(0, 8);
    const topic = (of: ReadTopic): string => `reading-${run}-${of}`;
    let made: LogReaderUnderTest;

    beforeAll(async () => {
      made = await make(Object.entries(READ_TOPICS).map(([of, partitions]) => ({ name: topic(of as ReadTopic), partitions })));
    });
    afterAll(() => made.close());

    describeReading({ log: () => made.log, append: (target, records) => made.append(target, records), topic, absent: `absent-${run}` });
  });
}

export function describeReading({ log, append, topic, absent }: ReadingParts): void {
  const at = (of: ReadTopic, partition = 0): TopicPartition => ({ topic: topic(of), partition });

  async function readAll(target: TopicPartition, from = 0, to = Number.MAX_SAFE_INTEGER): Promise<readonly LogRecord[]> {
    const records: LogRecord[] = [];
    for await (const batch of log().read(target, from, to)) records.push(...batch);
    return records;
  }

  describe('reading', () => {
    it('knows the first and the next offset of each partition', async () => {
      expect(await log().bounds(topic('bounds'))).toEqual([
        { partition: 0, first: 0, next: 0 },
        { partition: 1, first: 0, next: 0 },
      ]);
      await append(at('bounds', 1), numbered(0, 7));
      expect(await log().bounds(topic('bounds'))).toEqual([
        { partition: 0, first: 0, next: 0 },
        { partition: 1, first: 0, next: 7 },
      ]);
    });

    it('gives nothing of an empty partition, and nothing of an empty range', async () => {
      expect(await readAll(at('reading'))).toEqual([]);
      await append(at('reading'), numbered(0, 1200));
      expect(await readAll(at('reading'), 5, 5)).toEqual([]);
      expect(await readAll(at('reading'), 1200)).toEqual([]);
    });

    it('gives exactly the range that was asked for, wherever batches were cut', async () => {
      for (const [from, to] of [
        [0, 1200],
        [1, 2],
        [499, 701],
        [1199, 1200],
        [1100, 5000],
      ] as const) {
        const offsets = (await readAll(at('reading'), from, to)).map((each) => each.offset);
        expect(offsets).toEqual(range(from, Math.min(to, 1200)));
      }
    });

    it('can be left in the middle', async () => {
      for await (const batch of log().read(at('reading'), 0, 1200)) {
        expect(batch[0]?.offset).toBe(0);
        break;
      }
      expect(await readAll(at('reading'), 0, 1)).toHaveLength(1);
    });

    it('refuses a start that the log does not hold', async () => {
      await expect(readAll(at('reading'), 5000)).rejects.toMatchObject({ code: 'log/offset-out-of-range' });
    });

    it('refuses a topic or a partition that does not exist', async () => {
      await expect(log().bounds(absent)).rejects.toMatchObject({ code: 'log/unknown-topic' });
      await expect(readAll({ topic: absent, partition: 0 })).rejects.toMatchObject({ code: 'log/unknown-topic' });
      await expect(readAll(at('reading', 7))).rejects.toMatchObject({ code: 'log/unknown-topic' });
    });

    it('gives key, type, numbers and every byte of the value as they were appended', async () => {
      const records: readonly NewRecord[] = [
        { key: 'demo/größe-店', type: 'order.placed', sequence: { epoch: 2, n: 9_007_199_254_740_990, serial: 12 }, value: everyByte() },
        { key: '', type: 'größe.店', sequence: { epoch: 2, n: 9_007_199_254_740_991 }, value: Buffer.from('{"data":{}}') },
        { key: 'demo/1', type: 'order.placed', sequence: undefined, value: Buffer.alloc(0) },
      ];
      await append(at('whole'), records);
      const read = await readAll(at('whole'));
      expect(read).toMatchObject(records.map(({ key, type, sequence }, offset) => ({ ...at('whole'), offset, key, type, sequence })));
      expect(read.map(({ value }) => value.toString('hex'))).toEqual(records.map(({ value }) => value.toString('hex')));
    });
  });
}

function everyByte(): Buffer {
  return Buffer.from(range(0, 256));
}
