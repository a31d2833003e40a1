import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { encodeEvent, type CloudEvent } from '@instep/contracts';
import { continuedBy, inMemoryLog, type InMemoryLog } from '@instep/event-log';
import { exportLog, openLakeLog } from '@instep/lake/log';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { Source } from '../source/source.ts';
import { choose, type Choice } from './choose.ts';
import { planOf } from './plan.ts';
import type { Selection } from './selection.ts';

const all: Choice = {
  ...{ topics: undefined, types: undefined, tenants: undefined, keys: undefined, since: undefined, until: undefined, offsets: undefined },
};

let lake: string;
let log: InMemoryLog;

beforeEach(() => {
  lake = mkdtempSync(join(tmpdir(), 'replay-choose-'));
  log = inMemoryLog({ topics: { orders: 6 } });
});

afterEach(() => rmSync(lake, { recursive: true, force: true }));

async function record(second: number, over: Partial<CloudEvent> = {}): Promise<void> {
  const at = new Date(Date.UTC(2026, 2, 1, 8, 0, second)).toISOString();
  const event: CloudEvent = {
    ...{
      specversion: '1.0',
      id: `id-${String(second)}`,
      source: 'instep/order-intake',
      type: 'order.completed',
      subject: 'shop:1',
      time: at,
    },
    ...{ datacontenttype: 'application/json', dataschema: 'order.completed/1', tenant: 'demo', streamversion: 1, recordedtime: at },
    ...{ correlationid: 'c', causationid: 'c', actor: 'system/order-intake', data: { orderId: 'shop:1', asOf: { at, revision: null } } },
    ...over,
  };
  const value = Buffer.from(encodeEvent(event));
  await log.append({ topic: 'orders', partition: 0 }, [{ key: 'demo/shop:1', type: event.type, sequence: undefined, value }]);
}

/** What is chosen from the lake and the log behind it. */
async function chosen(choice: Partial<Choice>, behind = log) {
  const copy = await openLakeLog({ folder: lake });
  const source: Source = { log: continuedBy(copy, behind), lake: copy, close: () => copy.close() };
  try {
    const selection = await choose(source, { ...all, ...choice });
    return { ...selection, events: (await planOf(source, selection)).events };
  } finally {
    await source.close();
  }
}

describe('a choice of history', () => {
  it('takes each record once, however often its place is named', async () => {
    for (let second = 0; second < 10; second += 1) await record(second);
    expect((await chosen({ topics: ['orders', 'orders'] })).events).toBe(10);
    const place = { topic: 'orders', partition: 0 };
    const offsets = [
      { ...place, from: 4, to: 9 },
      { ...place, partition: 1, from: 0, to: Number.MAX_SAFE_INTEGER },
      { ...place, from: 1, to: 5 },
      { ...place, from: 9, to: 10 },
    ];
    expect((await chosen({ offsets })).ranges).toEqual([
      { ...place, from: 1, to: 10 },
      { ...place, partition: 1, from: 0, to: 0 },
    ]);
  });

  it('is the same wherever the lake ends and the log goes on', async () => {
    const until = Date.UTC(2026, 2, 1, 8, 0, 5);
    for (const second of [1, 2]) await record(second);
    await exportLog(lake, log, ['orders']);
    await record(9);
    await exportLog(lake, log, ['orders']);
    // By a clock that goes behind the other one.
    await record(3);
    expect((await chosen({ until })).events).toBe(3);
    expect((await chosen({ since: until })).events).toBe(1);
    await exportLog(lake, log, ['orders']);
    expect((await chosen({ until })).events).toBe(3);
    expect((await chosen({ since: until })).events).toBe(1);
  });

  it('holds the moment that it begins with and not the one that it ends with', async () => {
    for (const second of [1, 2, 3]) await record(second);
    const [since, until] = [Date.UTC(2026, 2, 1, 8, 0, 2), Date.UTC(2026, 2, 1, 8, 0, 3)];
    expect((await chosen({ since, until })).events).toBe(1);
    expect((await chosen({ since: until + 1 })).events).toBe(0);
    expect((await chosen({ until: since - 60_000 })).events).toBe(0);
  });

  it('is not silently empty where the log does not know what the lake has', async () => {
    await record(1);
    await exportLog(lake, log, ['orders']);
    const other = inMemoryLog({ topics: { finance: 6 } });
    await expect(chosen({}, other)).rejects.toThrow('The lake holds records of orders, and the log has no such topic');
    await expect(chosen({ topics: ['orders'] }, other)).rejects.toThrow('The lake holds records of orders, and the log has no such topic');
  });

  it('says of an empty partition that it is', async () => {
    const offsets = [{ topic: 'orders', partition: 3, from: 0, to: 5 }];
    await expect(chosen({ offsets })).rejects.toThrow('orders/3 is empty: name another one.');
  });
});

describe('a plan', () => {
  it('names unknown versions of what is taken, and of nothing else', async () => {
    await record(1);
    await record(2, { dataschema: 'order.completed/77' });
    await record(3, { dataschema: 'order.completed/78' });
    await exportLog(lake, log, ['orders']);
    await record(4, { dataschema: 'order.completed/79' });
    const named = async (to: number, rest: Partial<Selection> = {}): Promise<readonly string[]> => {
      const copy = await openLakeLog({ folder: lake });
      const source: Source = { log: continuedBy(copy, log), lake: copy, close: () => copy.close() };
      const { unknownVersions } = await planOf(source, { ranges: [{ topic: 'orders', partition: 0, from: 0, to }], ...rest });
      await source.close();
      return unknownVersions;
    };
    expect(await named(1)).toEqual([]);
    expect(await named(2)).toEqual(['order.completed/77']);
    expect(await named(3)).toEqual(['order.completed/77', 'order.completed/78']);
    expect(await named(4)).toEqual(['order.completed/77', 'order.completed/78', 'order.completed/79']);
    expect(await named(4, { since: Date.UTC(2026, 2, 1, 8, 0, 3) })).toEqual(['order.completed/78', 'order.completed/79']);
    expect(await named(4, { tenants: ['another'] })).toEqual([]);
  });
});
