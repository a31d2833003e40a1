import { afterEach, describe, expect, it } from '@jest/globals';
import type { CloudEvent } from '@instep/contracts';
import { topics } from '@instep/contracts';
import { partitionOfKey } from '@instep/event-log';
import type { InMemoryLog } from '@instep/event-log';

import { inMemoryStore } from './in-memory/index.ts';
import { rebuild } from './rebuild/rebuild.ts';
import {
  all,
  asked,
  confirmed,
  definition,
  events,
  plain,
  seen,
  sorted,
  stopAll,
  tag,
  tagged,
  until,
  world,
  write,
} from './testing/tagging-department.ts';

afterEach(stopAll);

describe('a department', () => {
  it('turns an event of another owner into its own, with the whole chain of causes, and keeps rows of every kind', async () => {
    const { log, store, open } = world();
    await write(log, confirmed('a'));
    await open(plain);
    await until('the tag is in the log', async () => (await tagged(log)).length === 1);

    const [event] = await tagged(log);
    const partition = partitionOfKey('demo/a', topics.orders.partitions);
    expect(event).toMatchObject({
      subject: 'a',
      tenant: 'demo',
      streamversion: 1,
      time: '2026-01-01T00:00:00.000Z',
      correlationid: 'c',
      causationid: 'confirmed-a',
      causeposition: `orders/${String(partition)}/0`,
      dataschema: 'customer.tagged/1',
      data: { tag: 'seen-1' },
    });
    expect(store.rows('seen')).toEqual([{ tenant: 'demo', orderId: 'a', count: 1 }]);
    expect(store.rows('tags')).toEqual([{ tenant: 'demo', id: 'a', tags: 'seen-1' }]);
    expect(store.rows('tag_journal')).toEqual([{ tenant: 'demo', eventId: event?.id, tag: 'seen-1' }]);
    await until('the outbox is empty', () => store.outboxRows().length === 0);
  });

  it('numbers its records without a gap per topic-partition and goes on where it was after a restart', async () => {
    const { log, open } = world();
    const first = await open(plain);
    for (const id of ['a', 'b', 'c', 'd', 'e']) await write(log, confirmed(id));
    await until('five tags', async () => (await tagged(log)).length === 5);
    await first.stop(1_000);
    await open(plain);
    for (const id of ['f', 'g', 'h']) await write(log, confirmed(id));
    await until('eight tags', async () => (await tagged(log)).length === 8);

    for (const { partition } of await log.bounds('customers')) {
      const ns = (await all(log, 'customers')).filter((each) => each.partition === partition).map(({ sequence }) => sequence?.n);
      expect(ns).toEqual(ns.map((_, at) => at + 1));
    }
    expect(new Set((await tagged(log)).map(({ data }) => data.customerId)).size).toBe(8);
  });

  it('drops what its sender sent twice', async () => {
    const { log, store, open } = world();
    await write(log, confirmed('a'), 1);
    await write(log, confirmed('a'), 1);
    const department = await open(plain);
    await until('the copy is seen', () => department.status().counters.eventsDuplicate === 1);
    expect(store.rows('seen')).toEqual([{ tenant: 'demo', orderId: 'a', count: 1 }]);
  });

  it('stops a partition at a gap and says so', async () => {
    const { log, store, open } = world();
    await write(log, confirmed('a'), 1);
    await write(log, confirmed('a'), 3);
    const department = await open(plain);
    await until('the alarm', () => department.status().troubles.some((trouble) => trouble.includes('number 3 after 1')));
    expect(store.rows('seen')).toEqual([{ tenant: 'demo', orderId: 'a', count: 1 }]);
    expect(department.status().partitions.filter(({ state }) => state === 'stopped')).toHaveLength(1);
  });

  it('parks the key of a bad event and what follows it; others go on; redriven in order after the repair', async () => {
    const { log, store, open } = world();
    const broken = await open(definition((orderId) => (orderId === 'bad' ? 'broken' : 'fine')));
    for (const id of ['bad', 'good', 'bad', 'other']) await write(log, confirmed(id));
    await until('all is read', () => broken.status().counters.eventsParked === 2 && broken.status().counters.commandsAccepted === 2);
    expect(await store.parked.list('crm.events', 10)).toMatchObject([{ key: 'demo/bad', code: 'defect', waiting: 2 }]);
    expect(store.rows('seen').map(({ orderId }) => orderId)).not.toContain('bad');
    await until('copies for people', async () => (await all(log, 'dead-letters.crm')).length === 2);
    expect(events(await all(log, 'dead-letters.crm')).map(({ data }) => data)).toMatchObject([
      { topic: 'orders', key: 'demo/bad', code: 'defect' },
      { topic: 'orders', key: 'demo/bad', code: 'follows' },
    ]);
    const stillBroken = await broken.rehearse('orders', 'demo/bad');
    expect(stillBroken).toMatchObject({ applies: false, events: 0 });
    expect(await broken.redrive('orders', 'demo/bad')).toMatchObject({ applied: 0, left: 2, reason: stillBroken?.reason });
    await broken.stop(1_000);

    const mended = await open(plain);
    await write(log, confirmed('bad'));
    await until('the follower is parked too', () => mended.status().counters.eventsParked === 1);
    expect(await mended.rehearse('orders', 'demo/bad')).toEqual({ applies: true, events: 2 });
    expect(await mended.rehearse('orders', 'demo/good')).toBeUndefined();
    expect(await store.parked.count('crm.events')).toEqual({ keys: 1, records: 3 });
    expect(store.rows('tags').filter(({ id }) => id === 'bad')).toEqual([]);
    expect(await mended.redrive('orders', 'demo/bad')).toEqual({ applied: 3, left: 0 });
    await until(
      'the log says so',
      async () => (await all(log, 'dead-letters.crm')).filter(({ type }) => type === 'crm.redriven').length === 3,
    );
    expect(store.rows('tags')).toContainEqual({ tenant: 'demo', id: 'bad', tags: 'seen-1,seen-2,seen-3' });
    await write(log, confirmed('bad'));
    await until('the key goes on by itself', () => store.rows('tags').some(({ tags }) => tags === 'seen-1,seen-2,seen-3,seen-4'));
  });

  it('says why when the database refuses what a redrive leads to, and keeps the key parked until it does not', async () => {
    const { log, open } = world();
    let refusal: string | undefined = 'the column is too narrow';
    const store = inMemoryStore({ tables: [seen.table], refuse: ({ table }) => (table === 'seen' ? refusal : undefined) });
    const department = await open({ ...plain, reactions: [], projections: [seen] }, { store });
    await write(log, confirmed('a'));
    await until('it is parked', () => department.status().counters.eventsParked === 1);
    expect(await department.redrive('orders', 'demo/a')).toEqual({ applied: 0, left: 1, reason: 'the column is too narrow' });
    refusal = undefined;
    expect(await department.redrive('orders', 'demo/a')).toEqual({ applied: 1, left: 0 });
    expect(store.rows('seen')).toEqual([{ tenant: 'demo', orderId: 'a', count: 1 }]);
  });

  it('applies a mended event in the place of one that nobody can read, and tells in the log who mended it and why', async () => {
    const { log, open, store } = world();
    const good = confirmed('a');
    await write(log, { ...good, value: Buffer.from('{"half') });
    await write(log, good);
    const department = await open(plain);
    await until('both are parked', () => department.status().counters.eventsParked === 2);
    const note = 'Bea: half of it was lost on the way';
    expect(await department.redrive('orders', good.key, { value: confirmed('b').value, note })).toEqual({
      applied: 0,
      left: 2,
      reason: 'it belongs to the key demo/b, not to demo/a',
    });
    expect(await department.rehearse('orders', good.key, { value: good.value, note })).toMatchObject({ applies: true });
    expect(await department.redrive('orders', good.key, { value: good.value, note })).toEqual({ applied: 2, left: 0 });
    expect(store.rows('tags')).toMatchObject([{ id: 'a', tags: 'seen-1,seen-2' }]);
    const notes = async (): Promise<unknown[]> => {
      const told: unknown[] = [];
      for (const { partition, next } of await log.bounds('dead-letters.crm')) {
        for await (const batch of log.read({ topic: 'dead-letters.crm', partition }, 0, next)) {
          for (const { type, value } of batch)
            if (type === 'crm.redriven') told.push((JSON.parse(value.toString()) as { data: { note?: string } }).data.note);
        }
      }
      return told;
    };
    await until('the log tells both', async () => (await notes()).length === 2);
    expect(await notes()).toEqual([note, undefined]);
  });

  it('parks what breaks its schema, is no JSON or comes in an unknown version, and passes over what nobody asked for', async () => {
    const { log, open, store } = world();
    const good = confirmed('a');
    await write(log, { ...good, key: 'demo/json', value: Buffer.from('{"half') });
    await write(log, {
      ...good,
      key: 'demo/schema',
      value: Buffer.from(good.value.toString().replace('{"orderId":"a"}', '{"orderId":7}')),
    });
    await write(log, {
      ...good,
      key: 'demo/version',
      value: Buffer.from(good.value.toString().replace('order.confirmed/1', 'order.confirmed/99')),
    });
    await write(log, { ...good, key: 'demo/unknown', type: 'order.dreamt', value: Buffer.from('not even JSON') });
    const department = await open(plain);
    await until('all is read', () => department.status().counters.eventsParked === 3 && department.status().counters.eventsSkipped === 1);
    const codes = (await store.parked.list('crm.events', 10)).map(({ code }) => code);
    expect(codes.sort()).toEqual(['contract/invalid-data', 'contract/not-an-event', 'contract/unknown-version']);
  });

  it('goes on by itself with a key that an older release had to park, because it did not know the version', async () => {
    const { open, store } = world();
    const good = confirmed('a');
    const parked = { consumer: 'crm.events', topic: 'orders', partition: 0, key: good.key, type: good.type, parkedAt: 0 };
    const stuck = { ...parked, offset: 0, sequence: null, value: good.value, code: 'defect', reason: 'broken' };
    await store.commit({
      consumer: 'crm.events',
      positions: [],
      streams: [],
      rows: [],
      outbox: [],
      requests: [],
      redriven: [],
      parked: [
        // Others that wait for a person are no reason not to see it.
        ...Array.from({ length: 600 }, (_, n) => ({ ...stuck, key: `demo/stuck-${String(n)}` })),
        { ...parked, offset: 0, sequence: null, value: good.value, code: 'contract/unknown-version', reason: 'order.confirmed/1' },
        { ...parked, offset: 1, sequence: null, value: good.value, code: 'follows', reason: 'an earlier record of this key is parked' },
      ],
    });
    await open(plain);
    await until('both are applied', () => store.rows('tags').some(({ tags }) => tags === 'seen-1,seen-2'));
    expect(await store.parked.count('crm.events')).toEqual({ keys: 600, records: 600 });
  });

  it('stops a partition rather than park everything when the code is to blame', async () => {
    const { log, open, store } = world();
    for (let n = 0; n < 60; n += 1) await write(log, confirmed(`order-${String(n)}`));
    const department = await open(definition(() => 'broken'));
    await until('the alarms', () => department.status().troubles.length === 3);
    expect(await store.parked.count('crm.events')).toEqual({ keys: 0, records: 0 });
  });

  it('answers an equal request with the first answer, also a refusal, and refuses the key for another content', async () => {
    const { log, open } = world();
    const department = await open(plain);
    const first = await department.execute(tag.with({ id: 'z', tag: 'vip' }), asked('key-1'));
    const again = await department.execute(tag.with({ id: 'z', tag: 'vip' }), asked('key-1'));
    expect(first).toMatchObject({ kind: 'done', replayed: false, events: [{ type: 'customer.tagged', streamId: 'z', version: 1 }] });
    expect(again).toEqual({ ...first, replayed: true });
    await expect(department.execute(tag.with({ id: 'z', tag: 'other' }), asked('key-1', 'another'))).rejects.toMatchObject({
      code: 'request/other-content',
    });
    const refused = await department.execute(tag.with({ id: 'z', tag: 'vip' }), asked('key-2'));
    expect(refused).toMatchObject({ kind: 'refused', refusal: { code: 'customer/tagged' } });
    expect(await department.execute(tag.with({ id: 'z', tag: 'vip' }), asked('key-2'))).toEqual({ ...refused, replayed: true });
    await until('one event in the log', async () => (await tagged(log)).length === 1);
    expect((await tagged(log))[0]?.causationid).toBe('request/key-1/h');
  });

  it('decides equal requests that wait together once', async () => {
    const { open } = world();
    const department = await open(plain);
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, () => department.execute(tag.with({ id: 'z', tag: 'vip' }), asked('same'))),
    );
    expect(outcomes.filter(({ replayed }) => !replayed)).toHaveLength(1);
  });

  it('sends again with the same numbers what a crash left in the ledger', async () => {
    const { log, store, open } = world();
    const department = await open(plain, { log: losingAnswers(log, 1) });
    await write(log, confirmed('a'));
    await until('stored twice, numbered once', async () => (await tagged(log)).length === 2);
    await department.stop(1_000);
    const numbered = (await all(log, 'customers')).filter(({ type }) => type === 'customer.tagged');
    expect(numbered.map(({ sequence }) => sequence?.n)).toEqual([1, 1]);
    expect(store.outboxRows()).toHaveLength(0);
  });

  it('gives a record that a crashed relay had perhaps sent the number that it had', async () => {
    const { log, store, open } = world();
    await open(plain, { log: brokenAfterStoring(log, 1) });
    await write(log, confirmed('a'));
    await write(log, confirmed('a'));
    await until(
      'both are told and nothing waits',
      async () => store.outboxRows().length === 0 && new Set((await tagged(log)).map(({ id }) => id)).size === 2,
    );
    const numbered = (await all(log, 'customers')).filter(({ type }) => type === 'customer.tagged');
    const numberOf = new Map(numbered.map(({ value, sequence }) => [(JSON.parse(value.toString()) as CloudEvent).id, sequence?.n]));
    expect(numbered.length).toBeGreaterThan(2);
    expect([...numberOf.values()]).toEqual([1, 2]);
    for (const { value, sequence } of numbered) expect(sequence?.n).toBe(numberOf.get((JSON.parse(value.toString()) as CloudEvent).id));
  });

  it('says how far it has read when reading leads to nothing', async () => {
    const { log, open } = world();
    const department = await open({ ...plain, reactions: [] });
    await write(log, confirmed('a'));
    await until('the position is in the log', async () =>
      events(await all(log, 'customers')).some(({ type }) => type === 'crm.position-advanced'),
    );
    expect(events(await all(log, 'customers'))[0]?.data).toEqual({
      positions: [{ topic: 'orders', partition: partitionOfKey('demo/a', topics.orders.partitions), nextOffset: 1 }],
    });
    expect(department.status().consuming).toBe(true);
  });

  it('says after a restart how far it has read when it ended before it could', async () => {
    const { log, open } = world();
    const mute = { ...plain, reactions: [] };
    const first = await open(mute);
    await write(log, confirmed('a'));
    await until('applied', () => first.status().counters.eventsApplied === 1);
    await first.stop(1_000);
    expect(await all(log, 'customers')).toEqual([]);
    await open(mute);
    await until('the position is in the log', async () => (await all(log, 'customers')).length === 1);
  });

  it('can be built again from the log alone, equal in every row, and goes on from there', async () => {
    const { log, store, open, emptyStore } = world();
    const department = await open(plain);
    for (let n = 0; n < 40; n += 1) await write(log, confirmed(`order-${String(n % 7)}`));
    await department.execute(tag.with({ id: 'z', tag: 'vip' }), asked('key-1'));
    await until('all is applied and told', () => department.status().counters.commandsAccepted === 41 && store.outboxRows().length === 0);
    await department.stop(1_000);

    const rebuilt = emptyStore();
    const positions = await rebuild({ definition: plain, log, store: rebuilt }).advance();
    expect(positions.reduce((sum, { nextOffset }) => sum + nextOffset, 0)).toBe(40);
    for (const table of ['seen', 'tags', 'tag_journal']) expect(sorted(rebuilt.rows(table))).toEqual(sorted(store.rows(table)));
    expect(sorted(rebuilt.streams())).toEqual(sorted(store.streams()));

    const onNew = await open(plain, { store: rebuilt });
    expect(await onNew.execute(tag.with({ id: 'z', tag: 'vip' }), asked('key-1'))).toMatchObject({ kind: 'done', replayed: true });
    await write(log, confirmed('order-0'));
    await until('it goes on', () => rebuilt.rows('seen').some(({ orderId, count }) => orderId === 'order-0' && count === 7));
    expect(onNew.status().counters.eventsApplied).toBe(1);
  });

  it('does not start when the log is ahead of its database', async () => {
    const { log, open } = world();
    const partition = partitionOfKey('demo/z', topics.customers.partitions);
    await log.append({ topic: 'customers', partition }, [{ ...confirmed('z'), sequence: { epoch: 1, n: 41 } }]);
    await expect(open(plain)).rejects.toMatchObject({
      code: 'relay/database-behind-log',
      message: expect.stringContaining('restored to an earlier time') as unknown,
    });
    expect(await all(log, 'customers')).toHaveLength(1);
  });
});

/** A log whose first answers are lost after the records were stored. */
function losingAnswers(log: InMemoryLog, times: number): InMemoryLog {
  let left = times;
  return {
    ...log,
    async append(target, records) {
      const done = await log.append(target, records);
      if (left-- > 0) throw Object.assign(new Error('the answer was lost'), { transient: true, code: 'log/unavailable' });
      return done;
    },
  };
}

/** A log that stores and then fails in a way that nobody tries again: as when the process is killed between sending and clearing up. */
function brokenAfterStoring(log: InMemoryLog, times: number): InMemoryLog {
  let left = times;
  return {
    ...log,
    async append(target, records) {
      const done = await log.append(target, records);
      if (left-- > 0) throw new Error('gone');
      return done;
    },
  };
}
