import { afterEach, describe, expect, it } from '@jest/globals';
import { topics } from '@instep/contracts';
import { inMemoryLog, partitionOfKey } from '@instep/event-log';
import type { InMemoryLog, LogRecord } from '@instep/event-log';

import type { InMemoryStore } from '../in-memory/index.ts';
import type { Store } from '../store.ts';
import {
  all,
  asked,
  confirmed,
  definition,
  events,
  plain,
  sorted,
  stopAll,
  tag,
  tagged,
  until,
  world,
  write,
} from '../testing/tagging-department.ts';
import type { World } from '../testing/tagging-department.ts';
import { catchUp } from './catch-up.ts';
import { rebuild } from './rebuild.ts';

afterEach(stopAll);

const orders = (from: number, to: number): string[] => Array.from({ length: to - from }, (_, at) => `order-${String(from + at)}`);

async function flow({ log }: World, ids: readonly string[], store: InMemoryStore): Promise<void> {
  for (const id of ids) await write(log, confirmed(id));
  await until('all is applied and told', async () => {
    const read = store.positions().reduce((sum, { nextOffset }) => sum + nextOffset, 0);
    const written = (await log.bounds('orders')).reduce((sum, { next }) => sum + next, 0);
    return read === written && store.outboxRows().length === 0;
  });
}

/** Every tag once, every number once, and what a rebuild gives is what is there. */
async function expectSound({ log, emptyStore }: World, store: InMemoryStore, tags: number): Promise<void> {
  const told = await tagged(log);
  expect(told.map(({ data }) => `${data.customerId} ${data.tag}`)).toHaveLength(tags);
  expect(new Set(told.map(({ data }) => `${data.customerId} ${data.tag}`)).size).toBe(tags);
  for (const { partition } of await log.bounds('customers')) {
    const numbers = (await all(log, 'customers')).filter((each) => each.partition === partition).map(({ sequence }) => sequence?.n);
    expect(numbers).toEqual(numbers.map((_, at) => at + 1));
  }
  const rebuilt = emptyStore();
  await rebuild({ definition: plain, log, store: rebuilt }).advance(store.positions());
  for (const table of ['seen', 'tags', 'tag_journal']) expect(sorted(rebuilt.rows(table))).toEqual(sorted(store.rows(table)));
  expect(sorted(rebuilt.streams())).toEqual(sorted(store.streams()));
  expect(sorted(rebuilt.requests())).toEqual(sorted(store.requests().filter(({ answer }) => answer.includes('"done"'))));
}

/** A log with only those records of a topic that `keep` says, as after a relay and its database died between two appends. */
async function without(log: InMemoryLog, topic: string, keep: (record: LogRecord) => boolean): Promise<InMemoryLog> {
  const copy = inMemoryLog({ topics: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])) });
  for (const { name } of Object.values(topics)) {
    for (const record of await all(log, name)) {
      if (name === topic && !keep(record)) continue;
      const { partition, key, value, sequence, type = '' } = record;
      await copy.append({ topic: name, partition }, [{ key, value, sequence, type }]);
    }
  }
  return copy;
}

describe('a database that was restored to an earlier time', () => {
  it('catches up from the log, goes on in a higher epoch, and everything is there once', async () => {
    const over = world();
    const first = await over.open(plain);
    await flow(over, orders(0, 20), over.store);
    const old = over.store.copy();
    await flow(over, orders(10, 40), over.store);
    await first.execute(tag.with({ id: 'vip', tag: 'vip' }), asked('key-1'));
    await until('told', () => over.store.outboxRows().length === 0);
    await first.stop(1_000);

    await expect(over.open(plain, { store: old })).rejects.toMatchObject({ code: 'relay/database-behind-log' });
    const fresh = over.emptyStore();
    const done = await catchUp({ definition: plain, log: over.log, restored: old, fresh });
    expect(done).toMatchObject({ carriedOver: 0, missing: 0, epoch: 2 });

    const second = await over.open(plain, { store: fresh });
    await flow(over, orders(30, 60), fresh);
    expect(await second.execute(tag.with({ id: 'vip', tag: 'vip' }), asked('key-1'))).toMatchObject({ kind: 'done', replayed: true });
    await second.stop(1_000);
    await expectSound(over, fresh, 20 + 30 + 30 + 1);
    expect((await all(over.log, 'customers')).at(-1)?.sequence?.epoch).toBe(2);
  });

  it('keeps what it had recorded and never sent', async () => {
    const over = world();
    const first = await over.open(plain);
    await flow(over, orders(0, 5), over.store);
    await first.stop(1_000);
    const mute = await over.open(plain, { log: neverAppending(over.log) });
    await mute.execute(tag.with({ id: 'vip', tag: 'vip' }), asked('key-1'));
    await until('in the outbox', () => over.store.outboxRows().length > 0);
    const old = over.store.copy();
    await mute.stop(10);

    // The true database went on and died when only what it recorded later had reached the log, in another partition.
    const ahead = over.store.copy();
    const later = await over.open(plain, { store: ahead });
    const elsewhere = orders(6, 20).find((id) => partitionOf(id) !== partitionOf('vip')) ?? '';
    await flow(over, [elsewhere], ahead);
    await later.stop(1_000);
    const log = await without(over.log, 'customers', ({ key }) => key !== 'demo/vip');

    const fresh = over.emptyStore();
    const done = await catchUp({ definition: plain, log, restored: old, fresh });
    expect(done).toMatchObject({ carriedOver: 1, missing: 1 });
    const second = await over.open(plain, { log, store: fresh });
    await until('told', () => fresh.outboxRows().length === 0);
    expect(await second.execute(tag.with({ id: 'vip', tag: 'vip' }), asked('key-1'))).toMatchObject({ kind: 'done', replayed: true });
    await second.stop(1_000);
    await expectSound({ ...over, log }, fresh, 5 + 1 + 1);
  });

  it('decides again what led to events that only one of two partitions holds', async () => {
    const over = world();
    const first = await over.open(plain);
    await flow(over, orders(0, 10), over.store);
    const old = over.store.copy();
    await flow(over, orders(10, 30), over.store);
    await first.stop(1_000);
    // All of one partition is gone from where the copy was taken; the other partitions have theirs.
    const lost = (await tagged(over.log)).length;
    const log = await without(over.log, 'customers', ({ partition, sequence }) => partition !== 0 || (sequence?.n ?? 0) <= counted(old, 0));
    expect((await tagged(log)).length).toBeLessThan(lost);

    const fresh = over.emptyStore();
    const done = await catchUp({ definition: plain, log, restored: old, fresh });
    expect(done.missing).toBeGreaterThan(0);
    const after: World = { ...over, log };
    const second = await over.open(plain, { log, store: fresh });
    await until('decided again', async () => (await tagged(log)).length === 30);
    await second.stop(1_000);
    await expectSound(after, fresh, 30);
    expect(fresh.rows('seen')).toHaveLength(30);
  });

  it('decides nothing twice behind what is missing, also where decisions do not look at what was done', async () => {
    const over = world();
    const careless = definition((orderId) => `for-${orderId}`, { twice: true });
    const first = await over.open(careless);
    await flow(over, orders(0, 10), over.store);
    const old = over.store.copy();
    await flow(over, orders(10, 40), over.store);
    await first.stop(1_000);
    const told = await tagged(over.log);
    const log = await without(over.log, 'customers', ({ partition, sequence }) => partition !== 0 || (sequence?.n ?? 0) <= counted(old, 0));
    expect((await tagged(log)).length).toBeLessThan(told.length);

    const fresh = over.emptyStore();
    await catchUp({ definition: careless, log, restored: old, fresh });
    const second = await over.open(careless, { log, store: fresh });
    await until('decided again', async () => (await tagged(log)).length >= told.length && fresh.outboxRows().length === 0);
    await second.stop(1_000);
    const customers = (await tagged(log)).map(({ data }) => data.customerId);
    expect(customers).toHaveLength(40);
    expect(new Set(customers).size).toBe(40);
    expect(fresh.rows('seen').map(({ count }) => count)).toEqual(Array.from({ length: 40 }, () => 1));
  });

  it('is noticed under a running service, which decides nothing on it', async () => {
    const over = world();
    let now: InMemoryStore = over.store;
    const store = pointingTo(() => now);
    let crash: Error | undefined;
    const running = await over.open(plain, { store, onCrash: (error) => (crash ??= error) });
    await flow(over, orders(0, 10), over.store);
    const old = over.store.copy();
    await flow(over, orders(10, 20), over.store);

    now = old;
    over.store.loseLease();
    const answer = running.execute(tag.with({ id: 'vip', tag: 'vip' }), asked('key-1'));
    await expect(answer).rejects.toMatchObject({ code: 'store/unavailable', transient: true });
    await until('it gives up', () => crash !== undefined);
    expect(crash).toMatchObject({ code: 'relay/database-behind-log' });
    expect(running.status().troubles.join()).toContain('restored to an earlier time');
    await running.stop(1_000);
    expect(old.outboxRows()).toEqual([]);
    expect(old.requests()).toEqual([]);

    const fresh = over.emptyStore();
    await catchUp({ definition: plain, log: over.log, restored: old, fresh });
    const second = await over.open(plain, { store: fresh });
    expect(await second.execute(tag.with({ id: 'vip', tag: 'vip' }), asked('key-1'))).toMatchObject({ replayed: false });
    await until('told', () => fresh.outboxRows().length === 0);
    await second.stop(1_000);
    await expectSound(over, fresh, 21);
  });

  it('is trusted again when another copy is as new as the log', async () => {
    const over = world();
    let now: InMemoryStore = over.store;
    const running = await over.open(plain, { store: pointingTo(() => now) });
    await flow(over, orders(0, 10), over.store);
    const twin = over.store.copy();
    now = twin;
    over.store.loseLease();
    expect(await running.execute(tag.with({ id: 'vip', tag: 'vip' }), asked('key-1'))).toMatchObject({ kind: 'done' });
    await until('told', async () => (await tagged(over.log)).length === 11);
    await running.stop(1_000);
    await expectSound(over, twin, 11);
  });

  it('does not catch up while another process sends from it', async () => {
    const over = world();
    const lease = await over.store.outbox.lease();
    const parts = { definition: plain, log: over.log, restored: over.store, fresh: over.emptyStore() };
    await expect(catchUp(parts)).rejects.toMatchObject({ code: 'store/unavailable' });
    await lease?.release();
    await expect(catchUp(parts)).resolves.toMatchObject({ folded: 0 });
  });

  it('gives what follows to readers, who take a number of a new epoch for new', async () => {
    const over = world();
    await write(over.log, confirmed('a'));
    const { partition } = (await all(over.log, 'orders'))[0] ?? { partition: 0 };
    await over.log.append({ topic: 'orders', partition }, [{ ...confirmed('a'), sequence: { epoch: 2, n: 1 } }]);
    const department = await over.open(plain);
    await until('both are applied', () => department.status().counters.eventsApplied === 2);
    expect(events(await all(over.log, 'orders'))).toHaveLength(2);
  });
});

function partitionOf(id: string): number {
  return partitionOfKey(`demo/${id}`, topics.customers.partitions);
}

function counted(store: InMemoryStore, partition: number): number {
  return store.ledger().counters.find((counter) => counter.topic === 'customers' && counter.partition === partition)?.n ?? 0;
}

function neverAppending(log: InMemoryLog): InMemoryLog {
  return { ...log, append: () => Promise.reject(Object.assign(new Error('away'), { transient: true, code: 'log/unavailable' })) };
}

/** The store of a process whose database is moved away under it. */
function pointingTo(store: () => InMemoryStore): Store {
  return {
    load: async (request) => await store().load(request),
    commit: async (unit) => await store().commit(unit),
    inspect: async () => await store().inspect(),
    scanStreams: async (after, limit) => await store().scanStreams(after, limit),
    outbox: { lease: async () => await store().outbox.lease(), backlog: async () => await store().outbox.backlog() },
    parked: {
      list: async (...wanted) => await store().parked.list(...wanted),
      read: async (...wanted) => await store().parked.read(...wanted),
      count: async (...wanted) => await store().parked.count(...wanted),
    },
  };
}
