import { afterEach, describe, expect, it } from '@jest/globals';
import { topics } from '@instep/contracts';
import { partitionOfKey } from '@instep/event-log';

import { createDepartment } from './create-department.ts';
import type { InMemoryStore } from './in-memory/index.ts';
import type { Clock } from './ports.ts';
import type { Store } from './store.ts';
import { systemClock } from './system-ports.ts';
import { all, confirmed, plain, silent, stopAll, tagged, until, world, write } from './testing/tagging-department.ts';

afterEach(stopAll);

/** A hundred times as fast as the real one. */
const quickClock: Clock = { now: () => systemClock.now(), sleep: (ms, signal) => systemClock.sleep(ms / 100, signal) };

describe('a database that was set back', () => {
  it('ends the process, although the log holds nothing that it does not know', async () => {
    const { log, store } = world();
    const old = store.copy();
    let now: InMemoryStore = store;
    const pointing = new Proxy({}, { get: (_, name) => Reflect.get(now, name) as unknown }) as Store;
    let crash: Error | undefined;
    const department = createDepartment({
      definition: plain,
      log,
      store: pointing,
      clock: quickClock,
      ids: { next: () => 'event-1' },
      runtimeLog: silent,
      onCrash: (error) => (crash ??= error),
    });
    await department.start();
    // Nobody subscribed to it: read, and nothing comes of it.
    await write(log, { ...confirmed('a'), type: 'order.completed' });
    await until('it was read', () => store.positions().some(({ nextOffset }) => nextOffset === 1));

    now = old;
    await until('it gives up', () => crash !== undefined);
    const partition = String(partitionOfKey('demo/a', topics.orders.partitions));
    expect(crash?.message).toBe(`the database is at 0 of orders/${partition}, which was read to 1: it was restored to an earlier time`);
    await department.stop(1_000);
  });
});

describe('a log that was set back', () => {
  it('is sent nothing more: the process ends, and says what to do', async () => {
    const { log, store, open } = world();
    const first = await open(plain);
    for (const id of ['a', 'b', 'c', 'd', 'e', 'f']) await write(log, confirmed(id));
    await until('all is told', async () => (await tagged(log)).length === 6 && store.outboxRows().length === 0);
    await first.stop(1_000);

    const lessOf = world().log;
    for (const record of [...(await all(log, 'orders')), ...(await all(log, 'customers'))]) {
      const { topic, partition, key, value, sequence, type = '' } = record;
      const { next = 0 } = (await log.bounds(topic)).find((each) => each.partition === partition) ?? {};
      if (topic === 'orders' || record.offset < next - 1) await lessOf.append({ topic, partition }, [{ key, value, sequence, type }]);
    }
    const before = (await all(lessOf, 'customers')).length;
    let crash: Error | undefined;
    await open(plain, { log: lessOf, onCrash: (error) => (crash ??= error) });
    await write(lessOf, confirmed('g'));
    await until('it gives up', () => crash !== undefined);
    expect(crash).toMatchObject({ code: 'relay/log-behind-database', message: expect.stringContaining('Restore the topic from the lake') });
    expect(await all(lessOf, 'customers')).toHaveLength(before);
  });

  it('is gone on with when what it lacks was never acknowledged', async () => {
    const { log, store, open } = world();
    const first = await open(plain);
    await write(log, confirmed('a'));
    await until('it is told', async () => (await tagged(log)).length === 1 && store.outboxRows().length === 0);
    await first.stop(1_000);
    const again = await open(plain);
    await write(log, confirmed('b'));
    await until('it goes on', async () => (await tagged(log)).length === 2);
    expect(again.status().troubles).toEqual([]);
  });
});
