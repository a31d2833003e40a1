import { describe, expect, it } from '@jest/globals';
import { inMemoryLog, type LogRecord } from '@instep/event-log';

import { RecordStream } from './record-stream.ts';

describe('the records of some topics', () => {
  it('come in the order in which they were sent, over all partitions', async () => {
    const { append, stream } = world();
    for (const [text, partition] of [
      ['a', 0],
      ['b', 1],
      ['c', 0],
      ['d', 1],
      ['e', 1],
    ] as const)
      await append(text, partition);
    expect(await texts(await stream('beginning'))).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(await texts(await stream('end'))).toEqual([]);
    expect(await texts(await stream({ back: 1 }))).toEqual(['c', 'e']);
    expect(await texts(await stream(1))).toEqual(['c', 'd', 'e']);
    expect(await texts(await stream(new Date(3)))).toEqual(['d', 'e']);
  });

  it('go on with what is appended later, each once', async () => {
    const { append, stream } = world();
    await append('before', 0);
    const following = (await stream('end')).following();
    const first = following.next();
    await append('after', 1);
    expect(text((await first).value as LogRecord)).toBe('after');
    const second = following.next();
    await append('later', 0);
    expect(text((await second).value as LogRecord)).toBe('later');
  });
});

function world() {
  let now = 0;
  const log = inMemoryLog({ topics: { orders: 2 }, scheduler: { now: () => now, after: () => () => undefined } as never });
  return {
    append: async (value: string, partition: number) => {
      await log.append({ topic: 'orders', partition }, [{ key: 'k', type: 't', sequence: undefined, value: Buffer.from(value) }]);
      now += 1;
    },
    stream: async (start: Parameters<RecordStream['startAt']>[0]) => {
      const stream = new RecordStream(log, ['orders'], new AbortController().signal);
      await stream.startAt(start);
      return stream;
    },
  };
}

async function texts(stream: RecordStream): Promise<readonly string[]> {
  const all: string[] = [];
  for await (const record of stream.untilEnd()) all.push(text(record));
  return all;
}

function text(record: LogRecord): string {
  return record.value.toString();
}
