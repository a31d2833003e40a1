import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { topics } from '@instep/contracts';
import { inMemoryLog, type InMemoryLog, type LogReader } from '@instep/event-log';
import { openLakeLog, type LakeLog } from '@instep/lake/log';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { historyUpTo } from './moment.ts';

let folder: string;
let lake: LakeLog;
let log: InMemoryLog;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'replay-moment-'));
  lake = await openLakeLog({ folder });
  log = inMemoryLog({ topics: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])) });
});

afterEach(async () => {
  await lake.close();
  rmSync(folder, { recursive: true, force: true });
});

const second = (n: number): number => Date.UTC(2026, 2, 1, 8, 0, n);

/** Recorded at this second; `cause` is a place in the log. */
async function record(topic: string, at: number, cause?: string): Promise<void> {
  const event = {
    ...{
      specversion: '1.0',
      id: `${topic} ${String(at)}`,
      source: 's',
      type: 'order.completed',
      subject: '1',
      time: '2026-03-01T08:00:00.000Z',
    },
    ...{
      datacontenttype: 'application/json',
      dataschema: 'order.completed/1',
      tenant: 'demo',
      recordedtime: new Date(second(at)).toISOString(),
    },
    ...{ correlationid: 'c', causationid: 'c', ...(cause !== undefined && { causeposition: cause }), actor: 'a', data: {} },
  };
  const value = Buffer.from(JSON.stringify(event));
  await log.append({ topic, partition: 0 }, [{ key: 'demo/1', type: event.type, sequence: undefined, value }]);
}

/** Where the history ends, of the partitions that have any. */
async function endsAt(until: number | undefined, reader: LogReader = log): Promise<Readonly<Record<string, number>>> {
  const ranges = await historyUpTo({ log: reader, lake, close: () => Promise.resolve() }, until);
  return Object.fromEntries(ranges.map(({ topic, partition, to }) => [`${topic}/${String(partition)}`, to]));
}

describe('history up to a moment', () => {
  it('is none before the first event, which is said', async () => {
    await record('orders', 5);
    await expect(endsAt(second(5))).rejects.toThrow('Nothing was recorded before 2026-03-01T08:00:05.000Z: name a later moment');
    expect(await endsAt(second(6))).toEqual({ 'orders/0': 1 });
  });

  it('ends in each partition before what was recorded then', async () => {
    for (const at of [1, 2, 3, 4]) await record('orders', at);
    await record('inventory', 2);
    expect(await endsAt(second(3))).toEqual({ 'orders/0': 2, 'inventory/0': 1 });
    expect(await endsAt(second(2) + 1)).toEqual({ 'orders/0': 2, 'inventory/0': 1 });
    expect(await endsAt(undefined)).toEqual({ 'orders/0': 4, 'inventory/0': 1 });
  });

  it('holds no effect without its cause, whatever the clocks said', async () => {
    await record('orders', 1);
    await record('orders', 9);
    // By clocks that go behind.
    await record('inventory', 1, 'orders/0/0');
    await record('inventory', 2, 'orders/0/1');
    await record('inventory', 3);
    await record('finance', 2, 'inventory/0/0');
    await record('finance', 3, 'inventory/0/2');
    await record('customers', 3, 'finance/0/1');
    await record('customers', 3, 'raw.nowhere/0/7');
    expect(await endsAt(second(5))).toEqual({ 'orders/0': 1, 'inventory/0': 1, 'finance/0': 1 });
    expect(await endsAt(second(10))).toEqual({ 'orders/0': 2, 'inventory/0': 3, 'finance/0': 2, 'customers/0': 2 });
  });

  it('holds no effect without its cause, although departments work while it is looked where the log ends', async () => {
    await record('orders', 1);
    let orders = 1;
    const busy: LogReader = {
      ...log,
      bounds: async (topic) => {
        const bounds = await log.bounds(topic);
        // An order, and what follows from it, after it was looked where orders end.
        if (topic === 'orders') {
          await record('orders', 2);
          await record('finance', 2, `orders/0/${String(orders++)}`);
        }
        return bounds;
      },
    };
    const ends = await endsAt(undefined, busy);
    const causes: number[] = [];
    for await (const records of log.read({ topic: 'finance', partition: 0 }, 0, ends['finance/0'] ?? 0))
      for (const { value } of records) causes.push(Number(/orders\/0\/(\d+)/.exec(value.toString())?.[1]));
    expect(causes.filter((offset) => offset >= (ends['orders/0'] ?? 0))).toEqual([]);
    expect(ends['orders/0']).toBeGreaterThan(0);
  });
});
