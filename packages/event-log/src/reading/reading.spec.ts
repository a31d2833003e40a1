import { describe, expect, it } from '@jest/globals';

import { describeLogReader, type ConformanceTopic } from '../conformance/index.ts';
import { numbered } from '../conformance/numbered-records.ts';
import { inMemoryLog, type InMemoryLog } from '../in-memory/index.ts';
import type { LogRecord } from '../record.ts';
import { continuedBy } from './continued-by.ts';
import { cutAt, endOfLog } from './cut.ts';
import type { LogReader } from './log-reader.ts';
import { withRests } from './with-rests.ts';

const target = { topic: 'orders', partition: 0 };

function logOf(topics: readonly ConformanceTopic[]): InMemoryLog {
  return inMemoryLog({ topics: Object.fromEntries(topics.map(({ name, partitions }) => [name, partitions])) });
}

async function filled(count: number): Promise<InMemoryLog> {
  const log = inMemoryLog({ topics: { orders: 2 } });
  if (count > 0) await log.append(target, numbered(0, count));
  return log;
}

async function readAll(log: LogReader, from = 0, to = Number.MAX_SAFE_INTEGER): Promise<readonly LogRecord[]> {
  const records: LogRecord[] = [];
  for await (const batch of log.read(target, from, to)) records.push(...batch);
  return records;
}

describeLogReader('a copy that the log continues', async (topics) => {
  const [copy, log] = [logOf(topics), logOf(topics)];
  return {
    log: continuedBy(copy, log),
    append: async (to, records) => {
      // Half of what is appended is in the copy before the two are put together.
      await copy.append(to, records.slice(0, Math.ceil(records.length / 2)));
      await log.append(to, records);
    },
    close: async () => {
      await Promise.all([copy.close(), log.close()]);
    },
  };
});

describe('a copy that the log continues', () => {
  it('gives what only one of the two still holds, each record once', async () => {
    const [copy, log] = [await filled(700), await filled(1_000)];
    const asked: number[] = [];
    const late: LogReader = {
      bounds: async (topic) => (await log.bounds(topic)).map((each) => ({ ...each, first: Math.min(700, each.next) })),
      read: (of, from, to) => {
        asked.push(from);
        return log.read(of, from, to);
      },
    };
    const both = continuedBy(copy, late);
    expect((await both.bounds('orders'))[0]).toEqual({ partition: 0, first: 0, next: 1_000 });
    expect((await readAll(both)).map(({ offset }) => offset)).toEqual(Array.from({ length: 1_000 }, (_, n) => n));
    expect((await readAll(both, 699, 701)).map(({ offset }) => offset)).toEqual([699, 700]);
    expect(asked).toEqual([700, 700]);
  });

  it.each([
    ['a gap between them', 3, 5, 10, /what lies between is gone/],
    ['a log that is shorter', 7, 0, 5, /of another log/],
  ])('refuses %s', async (_, inCopy, first, next, sentence) => {
    const log = await filled(next);
    const cutOff: LogReader = {
      bounds: async (topic) => (await log.bounds(topic)).map((each) => ({ ...each, first })),
      read: (...range) => log.read(...range),
    };
    await expect(readAll(continuedBy(await filled(inCopy), cutOff))).rejects.toThrow(sentence);
  });

  it('refuses a log whose record at the end of the copy is another one', async () => {
    const other = inMemoryLog({ topics: { orders: 2 } });
    await other.append(target, numbered(50, 60));
    await expect(readAll(continuedBy(await filled(5), other))).rejects.toThrow(/another record in the copy/);
  });
});

describe('a log that is cut', () => {
  it('ends at the cut, and holds nothing of a partition that the cut does not name', async () => {
    const log = await filled(10);
    await log.append({ topic: 'orders', partition: 1 }, numbered(0, 4));
    const cut = cutAt(log, new Map([['orders/0', 6]]));
    expect(await cut.bounds('orders')).toEqual([
      { partition: 0, first: 0, next: 6 },
      { partition: 1, first: 0, next: 0 },
    ]);
    expect((await readAll(cut)).map(({ offset }) => offset)).toEqual([0, 1, 2, 3, 4, 5]);
    await expect(readAll(cut, 7)).rejects.toMatchObject({ code: 'log/offset-out-of-range' });
  });

  it('goes on where it was when the log grows', async () => {
    const log = await filled(3);
    const cut = cutAt(log, await endOfLog(log, ['orders']));
    await log.append(target, numbered(3, 9));
    expect(await readAll(cut)).toHaveLength(3);
  });

  it('refuses a cut behind the end of the log', async () => {
    await expect(cutAt(await filled(3), new Map([['orders/0', 4]])).bounds('orders')).rejects.toMatchObject({
      code: 'log/offset-out-of-range',
    });
  });
});

describeLogReader('a log that is read with rests', async (topics) => {
  const log = logOf(topics);
  return {
    log: withRests(log, { rest: () => Promise.resolve(), every: 3 }),
    append: (to, records) => log.append(to, records),
    close: () => log.close(),
  };
});

describe('a log that is read with rests', () => {
  it('rests when the reader has done its work on so many records, and gives none at once beyond them', async () => {
    const told: string[] = [];
    const log = withRests(await filled(8), {
      rest: () => {
        told.push('rested');
        return Promise.resolve();
      },
      every: 3,
    });
    for await (const batch of log.read(target, 0, 8)) told.push(batch.map(({ offset }) => offset).join(' '));
    expect(told).toEqual(['0 1 2', 'rested', '3 4 5', 'rested', '6 7', 'rested']);
  });

  it('is the log itself for who does not rest', async () => {
    const log = await filled(1);
    expect(withRests(log, { rest: undefined })).toBe(log);
  });
});
