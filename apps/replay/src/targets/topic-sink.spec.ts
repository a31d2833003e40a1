import { inMemoryLog, LogUnavailable, type EventLog, type LogRecord, type NewRecord } from '@instep/event-log';
import { describe, expect, it } from '@jest/globals';

import { topicSink } from './topic-sink.ts';

const target = { topic: 'copy', partition: 0 };

function record(n: number): LogRecord {
  const sequence = { epoch: 1, n: n + 1, serial: n + 1 };
  return {
    topic: 'orders',
    partition: 0,
    offset: n,
    key: 'demo/1',
    type: 'order.placed',
    sequence,
    timestamp: 0,
    value: Buffer.from(`{"n":${n}}`),
  };
}

function copy(n: number, change: Partial<NewRecord> = {}): NewRecord {
  const { key, type = '', sequence, value } = record(n);
  return { key, type, sequence, value, ...change };
}

const records = [0, 1, 2, 3].map(record);

describe('a copy in a topic', () => {
  it('counts what a killed run wrote, and writes the rest', async () => {
    const log = inMemoryLog({ topics: { copy: 2 } });
    await log.append(target, [copy(0), copy(1)]);
    const sink = topicSink(log, 'copy');
    await sink.resume({ 0: 1 });
    await sink.write(records.slice(1));
    await sink.finish();
    expect(await sink.flush()).toEqual({ 0: 4 });
    expect(log.records(target).map(({ value }) => value.toString())).toEqual(records.map(({ value }) => value.toString()));
  });

  it('writes what an append that was not answered has left out, and no more', async () => {
    const log = inMemoryLog({ topics: { copy: 1 } });
    let failed = false;
    const losing: EventLog = {
      ...log,
      append: async (to, given) => {
        if (failed) return await log.append(to, given);
        failed = true;
        await log.append(to, given.slice(0, 3));
        throw new LogUnavailable('no answer');
      },
    };
    const sink = topicSink(losing, 'copy');
    await sink.resume({});
    await sink.write(records);
    await sink.finish();
    expect(log.records(target).map(({ sequence }) => sequence?.n)).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ['bytes', { value: Buffer.from('{"n":9}') }],
    ['key', { key: 'demo/2' }],
    ['type', { type: 'order.paid' }],
    ['number', { sequence: { epoch: 1, n: 1, serial: 2 } }],
  ])('does not take records of somebody else for its own: other %s', async (_, change) => {
    const log = inMemoryLog({ topics: { copy: 1 } });
    await log.append(target, [copy(0, change)]);
    const sink = topicSink(log, 'copy');
    await sink.resume({});
    await expect(sink.write(records)).rejects.toMatchObject({
      code: 'replay/target-changed',
      message: expect.stringContaining('copy/0 holds a record at offset 0 that is none of ours'),
    });
    expect(log.records(target)).toHaveLength(1);
  });

  it('sees records that somebody else puts in while it writes', async () => {
    const log = inMemoryLog({ topics: { copy: 1 } });
    const sink = topicSink(log, 'copy');
    await sink.resume({});
    await sink.write(records.slice(0, 2));
    await log.append(target, [copy(7)]);
    await expect(sink.write(records.slice(2))).rejects.toMatchObject({ code: 'replay/target-changed' });
  });

  it.each([0, 1])('is not done while the topic holds more than it wrote, in partition %i', async (partition) => {
    const log = inMemoryLog({ topics: { copy: 2 } });
    const sink = topicSink(log, 'copy');
    await sink.resume({});
    await sink.write(records);
    await log.append({ topic: 'copy', partition }, [copy(7)]);
    await expect(sink.finish()).rejects.toMatchObject({
      code: 'replay/target-changed',
      message: expect.stringContaining(`copy/${partition} holds ${partition === 0 ? 5 : 1} records and ${partition === 0 ? 4 : 0} of them`),
    });
  });

  it('says when records were removed', async () => {
    const log = inMemoryLog({ topics: { copy: 1 } });
    const sink = topicSink(log, 'copy');
    await sink.resume({ 0: 2 });
    await expect(sink.write(records.slice(2))).rejects.toMatchObject({ code: 'replay/target-changed' });
  });
});
