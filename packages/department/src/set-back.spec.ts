import { afterEach, describe, expect, it } from '@jest/globals';
import { topics } from '@instep/contracts';
import { partitionOfKey } from '@instep/event-log';

import { createDepartment } from './create-department.ts';
import type { InMemoryStore } from './in-memory/index.ts';
import type { Clock } from './ports.ts';
import type { Store } from './store.ts';
import { systemClock } from './system-ports.ts';
import { confirmed, plain, silent, stopAll, until, world, write } from './testing/tagging-department.ts';

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
