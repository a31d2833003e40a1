import { afterEach, describe, expect, it } from '@jest/globals';

import type { InMemoryStore } from '../in-memory/index.ts';
import type { Position } from '../store.ts';
import { all, confirmed, definition, plain, sorted, stopAll, until, world, write } from '../testing/tagging-department.ts';
import type { World } from '../testing/tagging-department.ts';
import { rebuild } from './rebuild.ts';

afterEach(stopAll);

const failing = definition((orderId) => (orderId === 'bad' ? 'broken' : 'fine'));

function content(store: InMemoryStore): readonly string[] {
  const parked = store.parkedRecords().map(({ value, ...record }) => ({ ...withoutNumber(record), value: value.toString('base64') }));
  const tables = ['seen', 'tags', 'tag_journal'].flatMap((table) => store.rows(table));
  return sorted([...parked, ...tables, ...store.streams(), ...store.positions(), ...store.requests()]);
}

/** Numbers in the park are drawn anew. */
function withoutNumber(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => name !== 'n'));
}

function livePositions({ store }: World): readonly Position[] {
  return store.positions();
}

async function parkedTwice(over: World): Promise<void> {
  const department = await over.open(failing);
  for (const id of ['bad', 'good', 'bad', 'other']) await write(over.log, confirmed(id));
  await until('all is read', () => department.status().counters.eventsParked === 2 && department.status().counters.commandsAccepted === 2);
  await department.stop(1_000);
}

describe('the park of a rebuilt database', () => {
  it('holds what is parked, followers included, and the views do not know of it', async () => {
    const over = world();
    await parkedTwice(over);
    const rebuilt = over.emptyStore();
    await rebuild({ definition: plain, log: over.log, store: rebuilt }).advance(livePositions(over));
    expect(rebuilt.parkedRecords().map(({ key, code }) => [key, code])).toEqual([
      ['demo/bad', 'defect'],
      ['demo/bad', 'follows'],
    ]);
    expect(content(rebuilt)).toEqual(content(over.store));
  });

  it('can be redriven from there', async () => {
    const over = world();
    await parkedTwice(over);
    const rebuilt = over.emptyStore();
    await rebuild({ definition: plain, log: over.log, store: rebuilt }).advance(livePositions(over));
    const department = await over.open(plain, { store: rebuilt });
    expect(await department.redrive('orders', 'demo/bad')).toEqual({ applied: 2, left: 0 });
    expect(rebuilt.rows('tags')).toContainEqual({ tenant: 'demo', id: 'bad', tags: 'seen-1,seen-2' });
  });

  it('no longer holds what was redriven', async () => {
    const over = world();
    await parkedTwice(over);
    const mended = await over.open(plain);
    await write(over.log, confirmed('bad'));
    await until('the follower is parked', () => mended.status().counters.eventsParked === 1);
    await mended.redrive('orders', 'demo/bad');
    await mended.stop(1_000);
    const rebuilt = over.emptyStore();
    await rebuild({ definition: plain, log: over.log, store: rebuilt }).advance(livePositions(over));
    expect(rebuilt.parkedRecords()).toEqual([]);
    expect(rebuilt.rows('seen')).toContainEqual({ tenant: 'demo', orderId: 'bad', count: 3 });
    expect(content(rebuilt)).toEqual(content(over.store));
  });

  it('lets go of what is redriven while it is built', async () => {
    const over = world();
    await parkedTwice(over);
    const rebuilt = over.emptyStore();
    const building = rebuild({ definition: plain, log: over.log, store: rebuilt });
    await building.advance(livePositions(over));
    const mended = await over.open(plain);
    await mended.redrive('orders', 'demo/bad');
    await write(over.log, confirmed('bad'));
    await until('applied', () => mended.status().counters.eventsApplied === 1);
    await mended.stop(1_000);
    await building.advance(livePositions(over));
    expect(content(rebuilt)).toEqual(content(over.store));
  });

  it('holds a follower whose leader was redriven while it waited', async () => {
    const over = world();
    await parkedTwice(over);
    const half = await over.open(definition((_, count) => (count === 2 ? 'broken' : `seen-${String(count)}`)));
    expect(await half.redrive('orders', 'demo/bad')).toMatchObject({ applied: 1, left: 1 });
    await half.stop(1_000);
    const rebuilt = over.emptyStore();
    await rebuild({ definition: plain, log: over.log, store: rebuilt }).advance(livePositions(over));
    expect(rebuilt.parkedRecords().map(({ code }) => code)).toEqual(['follows']);
    expect(content(rebuilt)).toEqual(content(over.store));
  });

  it('applies a record as it was mended, not as it lies in the log', async () => {
    const over = world();
    const bad = confirmed('bad');
    await write(over.log, { ...bad, value: Buffer.from('{"half') });
    const department = await over.open(plain);
    await until('parked', () => department.status().counters.eventsParked === 1);
    const [parked] = over.store.parkedRecords();
    if (!parked) throw new Error('nothing is parked');
    const mended = over.store.copy();
    const consumer = 'crm.events';
    const none = { consumer, positions: [], streams: [], rows: [], outbox: [], requests: [], parked: [], redriven: [] };
    const [{ n } = { n: 0 }] = await mended.parked.read(consumer, 'orders', bad.key, 1);
    await mended.commit({ ...none, redriven: [{ topic: 'orders', key: bad.key, n }] });
    await mended.commit({ ...none, parked: [{ ...parked, value: bad.value }] });
    await until('the dead letter is told', async () => (await all(over.log, 'dead-letters.crm')).length === 1);
    await department.stop(1_000);

    const after = await over.open(plain, { store: mended });
    expect(await after.redrive('orders', bad.key)).toEqual({ applied: 1, left: 0 });
    await after.stop(1_000);
    const rebuilt = over.emptyStore();
    await rebuild({ definition: plain, log: over.log, store: rebuilt }).advance(mended.positions());
    expect(rebuilt.rows('seen')).toEqual([{ tenant: 'demo', orderId: 'bad', count: 1 }]);
    expect(rebuilt.parkedRecords()).toEqual([]);
  });
});
