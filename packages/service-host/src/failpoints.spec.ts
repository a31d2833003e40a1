import { describe, expect, it, jest } from '@jest/globals';
import { inMemoryStore } from '@instep/department';
import { inMemoryLog } from '@instep/event-log';
import { createLogger } from '@instep/telemetry';

import { failingLog, failingStore } from './failing-ports.ts';
import { armed, Failpoints, failpointsSetting, portCalls, type Ending } from './failpoints.ts';

const parse = (text: string) => failpointsSetting.read(text);

function arm(text: string): { points: Failpoints; ending: jest.Mocked<Ending>; said: string[] } {
  const said: string[] = [];
  const ending = { kill: jest.fn<() => void>(), pause: jest.fn<() => void>() };
  return { points: new Failpoints(parse(text), (what) => void said.push(what), ending), ending, said };
}

const raw = { topic: 'raw.shopify', partition: 0 };
const record = { key: 'demo/1', type: 'webhook.received', sequence: undefined, value: Buffer.from('{}') };
const nothing = { consumer: 'c', positions: [], streams: [], rows: [], keys: [], requests: [] };

describe('failpoints', () => {
  it('are none unless set, and then nothing is wrapped', () => {
    expect(failpointsSetting.read(undefined)).toEqual([]);
    expect(armed([], createLogger({ service: 'crm', level: 'silent' }))).toBeUndefined();
  });

  it('are read from the environment, several at once', () => {
    expect(parse('store.commit:after:kill@3, log.append:before:drop')).toEqual([
      { call: 'store.commit', side: 'after', action: 'kill', nth: 3 },
      { call: 'log.append', side: 'before', action: 'drop', nth: 1 },
    ]);
  });

  it.each([
    ['store.comit:after:kill', 'store.comit'],
    ['store.commit:during:kill', 'is not like'],
    ['store.commit:after:explode', 'is not like'],
    ['store.commit:after:kill@0', 'is not like'],
    ['kill', 'is not like'],
  ])('refuse %s and say what is wrong', (text, says) => {
    expect(() => parse(text)).toThrow(says);
  });

  it('happen at the call that was named, and once', async () => {
    const { points, ending, said } = arm('store.load:after:kill@2');
    const store = failingStore(inMemoryStore({ tables: [] }), points);
    await store.load(nothing);
    expect(ending.kill).not.toHaveBeenCalled();
    await store.load(nothing);
    await store.load(nothing);
    expect(ending.kill).toHaveBeenCalledTimes(1);
    expect(said).toEqual(['failpoint: kill after store.load, call 2']);
  });

  it('let a pause go on afterwards as if nothing had been', async () => {
    const { points, ending } = arm('parked.count:before:pause');
    expect(await failingStore(inMemoryStore({ tables: [] }), points).parked.count('c')).toEqual({ keys: 0, records: 0 });
    expect(ending.pause).toHaveBeenCalledTimes(1);
  });

  it.each([
    ['before', 0],
    ['after', 1],
  ])('lose a connection %s an append: %d record stored, the caller knows nothing', async (side, stored) => {
    const inside = inMemoryLog({ topics: { [raw.topic]: 1 } });
    const log = failingLog(inside, arm(`log.append-raw:${side}:drop`).points);
    await expect(log.append(raw, [record])).rejects.toMatchObject({ code: 'log/unavailable', transient: true });
    expect((await inside.bounds(raw.topic))[0]?.next).toBe(stored);
    await log.append(raw, [record]);
    expect((await inside.bounds(raw.topic))[0]?.next).toBe(stored + 1);
    await log.close();
  });

  it('hand a slice out again when its answer is lost', async () => {
    const log = failingLog(inMemoryLog({ topics: { [raw.topic]: 1 } }), arm('log.slice:after:drop').points);
    await log.append(raw, [record]);
    const slices: number[] = [];
    const twice = new Promise<void>((resolve) => {
      void log.consume({
        group: 'g',
        topics: [raw.topic],
        startAt: async (assigned) => assigned.map((target) => ({ ...target, nextOffset: 0 })),
        onSlice: async ({ records }) => {
          slices.push(records.length);
          if (slices.length === 2) resolve();
          return { kind: 'continue', nextOffset: records.length };
        },
        onCrash: () => undefined,
      });
    });
    await twice;
    expect(slices).toEqual([1, 1]);
    await log.close();
  });

  it('are at every call of the lease', async () => {
    const calls = portCalls.filter((call) => call.startsWith('outbox.'));
    for (const call of calls) {
      const { points, ending } = arm(`${call}:after:kill`);
      const { outbox } = failingStore(inMemoryStore({ tables: [] }), points);
      await outbox.backlog();
      const lease = await outbox.lease();
      const ledger = await lease?.ledger();
      await lease?.next([], 1);
      await lease?.rows([]);
      if (ledger) await lease?.allot(ledger);
      await lease?.release();
      expect({ call, killed: ending.kill.mock.calls.length }).toEqual({ call, killed: 1 });
    }
  });
});
