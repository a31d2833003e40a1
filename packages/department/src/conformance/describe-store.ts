import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import type { Loaded, LoadRequest, OutboxLease, Store, StreamKey, UnitOfWork } from '../store.ts';
import {
  consumer,
  journalRow,
  moved,
  outboxEvent,
  parkedRecord,
  position,
  stateRow,
  stream,
  streamKey,
  tenant,
  unit,
  viewRow,
} from './unit.ts';

/** An empty store with the tables of the suite. */
export interface StoreUnderTest {
  readonly store: Store;
  /** Cuts the session that holds the lease of the outbox; resolves when another one can have it. */
  loseLease(): Promise<void>;
  close(): Promise<void>;
}

export type MakeStore = () => Promise<StoreUnderTest>;

const CONFLICT = { code: 'store/conflict', transient: true };
const AWKWARD = [
  'O\'Hara "quoted" \\ back\\slash',
  '{"curly",NULL}',
  'NULL',
  '',
  ' ',
  'żółw 漢字 🐢 \u0301',
  'line\nbreak\ttab\r',
  'x'.repeat(10_000),
];

/** What every Store does. The same sentences hold for the one in memory and the real one. */
export function describeStore(name: string, make: MakeStore): void {
  describe(`${name} is a store`, () => {
    let under: StoreUnderTest;
    let store: Store;

    beforeEach(async () => {
      under = await make();
      store = under.store;
    });

    afterEach(async () => {
      await under.close();
    });

    const load = (request: Partial<LoadRequest>): Promise<Loaded> =>
      store.load({ consumer, positions: [], streams: [], rows: [], keys: [], requests: [], ...request });
    const loadStream = async (id: string) => (await load({ streams: [streamKey(id)] })).streams[0];
    const loadRow = async (table: string, ...key: string[]) => (await load({ rows: [{ table, keys: [[tenant, ...key]] }] })).rows[0];
    const commit = (parts: Partial<UnitOfWork>): Promise<void> => store.commit(unit(parts));
    const leased = async (): Promise<OutboxLease> => {
      const lease = await store.outbox.lease();
      if (!lease) throw new Error('the lease is not free');
      return lease;
    };

    describe('positions', () => {
      it('start at 0 and come in the order asked for', async () => {
        await commit({ positions: [moved(0, 7, 1)] });
        const asked = [2, 1, 0].map((partition) => ({ topic: 'orders', partition }));
        expect((await load({ positions: asked })).positions).toEqual([position(0, 2), position(7, 1), position(0, 0)]);
      });

      it('move only from the offset they were loaded at', async () => {
        await commit({ positions: [moved(0, 7)] });
        await expect(commit({ positions: [moved(0, 9)] })).rejects.toMatchObject(CONFLICT);
        await expect(commit({ positions: [moved(6, 9)] })).rejects.toMatchObject(CONFLICT);
        await commit({ positions: [moved(7, 9)] });
        expect((await load({ positions: [position(0)] })).positions).toEqual([position(9)]);
      });

      it('never start in the middle', async () => {
        await expect(commit({ positions: [moved(3, 9)] })).rejects.toMatchObject(CONFLICT);
      });

      it('belong to one consumer', async () => {
        await commit({ positions: [moved(0, 7)] });
        await commit({ consumer: 'another', positions: [moved(0, 3)] });
        expect((await load({ positions: [position(0)] })).positions).toEqual([position(7)]);
        expect((await load({ consumer: 'another', positions: [position(0)] })).positions).toEqual([position(3)]);
      });

      it('move together or not at all', async () => {
        await commit({ positions: [moved(0, 7, 0)] });
        await expect(commit({ positions: [moved(7, 8, 0), moved(1, 2, 1)] })).rejects.toMatchObject(CONFLICT);
        expect((await load({ positions: [position(0)] })).positions).toEqual([position(7)]);
      });
    });

    describe('streams', () => {
      it('are absent until they are written', async () => {
        expect(await loadStream('o-1')).toBeUndefined();
        await commit({ streams: [stream('o-1', 0, { lines: [{ sku: 'A', quantity: '1.5' }], open: true, note: null }, 3)] });
        const state = { lines: [{ sku: 'A', quantity: '1.5' }], open: true, note: null };
        expect(await loadStream('o-1')).toEqual({ ...streamKey('o-1'), version: 3, state });
      });

      it('are written only at the version they were loaded at', async () => {
        await commit({ streams: [stream('o-1', 0)] });
        await commit({ streams: [stream('o-1', 1, { step: 2 }, 4)] });
        await expect(commit({ streams: [stream('o-1', 1, { step: 'lost' })] })).rejects.toMatchObject(CONFLICT);
        await expect(commit({ streams: [stream('o-2', 1)] })).rejects.toMatchObject(CONFLICT);
        expect(await loadStream('o-1')).toMatchObject({ version: 4, state: { step: 2 } });
      });

      it('can be created by one unit only', async () => {
        const outcomes = await Promise.allSettled(['one', 'other'].map((by) => commit({ streams: [stream('o-1', 0, { by })] })));
        expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
        const winner = outcomes[0]?.status === 'fulfilled' ? 'one' : 'other';
        expect(await loadStream('o-1')).toMatchObject({ version: 1, state: { by: winner } });
        expect(outcomes.find((outcome) => outcome.status === 'rejected')?.reason).toMatchObject(CONFLICT);
      });

      it('of one id differ by tenant and by name', async () => {
        await commit({
          streams: [
            stream('1', 0, 'mine'),
            { ...stream('1', 0, 'theirs'), tenant: 'other' },
            { ...stream('1', 0, 'item'), stream: 'item' },
          ],
        });
        expect(await loadStream('1')).toMatchObject({ state: 'mine' });
      });

      it('hold any state', async () => {
        const states = [
          ...AWKWARD,
          'nul \0 inside',
          'half a pair \ud800',
          null,
          true,
          0.1,
          '820982911946154508.123456789',
          [[], {}],
          { '\0': '\0' },
        ];
        await commit({ streams: states.map((state, index) => stream(`s-${index}`, 0, state)) });
        const loaded = await load({ streams: states.map((_, index) => streamKey(`s-${index}`)) });
        expect(new Map(loaded.streams.map(({ id, state }) => [id, state]))).toEqual(
          new Map(states.map((state, index) => [`s-${index}`, state])),
        );
      });

      it('have any id', async () => {
        const ids = AWKWARD.filter((id) => id.length < 1000);
        await commit({ streams: ids.map((id) => stream(id, 0)) });
        const loaded = await load({ streams: ids.map(streamKey) });
        expect(loaded.streams.map(({ id }) => id).sort()).toEqual([...ids].sort());
      });

      it('come and go in big batches, new and known mixed', async () => {
        const ids = Array.from({ length: 500 }, (_, index) => `o-${(index * 7919) % 500}`);
        await commit({ streams: ids.slice(0, 250).map((id) => stream(id, 0)) });
        await commit({ streams: ids.map((id, index) => stream(id, index < 250 ? 1 : 0, { index })) });
        const { streams } = await load({ streams: ids.map(streamKey) });
        expect(streams).toHaveLength(500);
        expect(new Map(streams.map(({ id, version, state }) => [id, { version, state }]))).toEqual(
          new Map(ids.map((id, index) => [id, { version: index < 250 ? 2 : 1, state: { index } }])),
        );
      });
    });

    describe('rows', () => {
      it('of a view carry a version that a commit must name', async () => {
        expect(await loadRow('sample_view', 'A')).toBeUndefined();
        await commit({ rows: [viewRow('A', 0, { quantity: 5 })] });
        await commit({ rows: [viewRow('A', 1, { quantity: 6 }), viewRow('B', 0)] });
        await expect(commit({ rows: [viewRow('A', 1, { quantity: 7 })] })).rejects.toMatchObject(CONFLICT);
        await expect(commit({ rows: [viewRow('A', 0, { quantity: 7 })] })).rejects.toMatchObject(CONFLICT);
        await expect(commit({ rows: [viewRow('C', 1)] })).rejects.toMatchObject(CONFLICT);
        expect(await loadRow('sample_view', 'A')).toEqual({
          table: 'sample_view',
          key: [tenant, 'A'],
          row: viewRow('A', 0, { quantity: 6 }).row,
          version: 2,
        });
      });

      it('of a state table replace each other', async () => {
        await commit({ rows: [stateRow('o-1', 'open')] });
        await commit({ rows: [stateRow('o-1', 'closed', 2), stateRow('o-2', 'open')] });
        expect((await loadRow('sample_state', 'o-1'))?.row).toEqual(stateRow('o-1', 'closed', 2).row);
        expect((await loadRow('sample_state', 'o-2'))?.row).toEqual(stateRow('o-2', 'open').row);
      });

      it('of a journal are added once', async () => {
        await commit({ rows: [journalRow('j-1', 1, '10.50'), journalRow('j-1', 2, '-10.50')] });
        await expect(commit({ rows: [journalRow('j-1', 3), journalRow('j-1', 2, '7')] })).rejects.toMatchObject(CONFLICT);
        expect((await loadRow('sample_journal', 'j-1', '2'))?.row).toEqual(journalRow('j-1', 2, '-10.50').row);
        expect(await loadRow('sample_journal', 'j-1', '3')).toBeUndefined();
      });

      it('keep exact numbers, booleans, nulls and any text', async () => {
        const rows = [
          viewRow('number', 0, { amount: '820982911946154508.123456789', total: '9223372036854775807', quantity: -2_147_483_648 }),
          viewRow('small', 0, { amount: '-0.10', total: '-1', quantity: 0 }),
          viewRow('flag', 0, { flag: true, note: 'true' }),
          ...AWKWARD.map((note, index) => viewRow(`text-${index}`, 0, { note })),
        ];
        await commit({ rows });
        for (const { row } of rows) expect((await loadRow('sample_view', String(row['item'])))?.row).toEqual(row);
      });

      it('survive a NUL, which becomes a replacement character', async () => {
        await commit({ rows: [viewRow('a\0b', 0, { note: '\0' })] });
        expect((await loadRow('sample_view', 'a\0b'))?.row).toMatchObject({ item: 'a\uFFFDb', note: '\uFFFD' });
      });

      it('of several tables come in one load', async () => {
        await commit({ rows: [viewRow('A', 0), stateRow('o-1', 'open'), viewRow('B', 0)] });
        const tables = [
          {
            table: 'sample_view',
            keys: [
              ['demo', 'B'],
              ['demo', 'absent'],
              ['demo', 'A'],
            ],
          },
          { table: 'sample_state', keys: [['demo', 'o-1']] },
        ];
        const { rows } = await load({ rows: tables, streams: [streamKey('absent')], positions: [position(0)] });
        expect(rows.map(({ table, key }) => [table, ...key].join(' ')).sort()).toEqual([
          'sample_state demo o-1',
          'sample_view demo A',
          'sample_view demo B',
        ]);
      });

      it('come and go in big batches', async () => {
        const items = Array.from({ length: 500 }, (_, index) => `item-${(index * 7919) % 500}`);
        await commit({ rows: [...items.slice(0, 250).map((item) => viewRow(item, 0)), ...items.map((item) => stateRow(item, 'open'))] });
        await commit({
          rows: [
            ...items.map((item, index) => viewRow(item, index < 250 ? 1 : 0, { quantity: index })),
            ...items.map((item) => stateRow(item, 'closed')),
            ...items.map((item, index) => journalRow(item, index)),
          ],
        });
        const { rows } = await load({ rows: [{ table: 'sample_view', keys: items.map((item) => [tenant, item]) }] });
        expect(new Map(rows.map(({ row }) => [row['item'], row['quantity']]))).toEqual(new Map(items.map((item, index) => [item, index])));
      });

      it('with a value that the database refuses fail the unit for good', async () => {
        const refused = commit({
          streams: [stream('o-1', 0)],
          rows: [stateRow('o-1', 'open', 40_000)],
          outbox: [outboxEvent('o-1', 'lost')],
        });
        await expect(refused).rejects.toMatchObject({ code: 'store/row-rejected', transient: false });
        expect(await loadStream('o-1')).toBeUndefined();
        expect((await store.outbox.backlog()).rows).toBe(0);
      });
    });

    describe('a unit of work', () => {
      const whole = (): UnitOfWork =>
        unit({
          positions: [moved(0, 7)],
          streams: [stream('new', 0)],
          rows: [viewRow('new', 0), stateRow('new', 'open'), journalRow('new', 1)],
          outbox: [outboxEvent('new', 'said')],
          requests: [{ tenant, key: 'new', hash: 'h', answer: '{}' }],
          parked: [parkedRecord('demo/new', 6)],
        });
      const expectNothing = async (): Promise<void> => {
        const loaded = await load({
          streams: [streamKey('new')],
          rows: [
            { table: 'sample_view', keys: [[tenant, 'new']] },
            { table: 'sample_state', keys: [[tenant, 'new']] },
            { table: 'sample_journal', keys: [[tenant, 'new', '1']] },
          ],
          keys: [{ topic: 'orders', key: 'demo/new' }],
          requests: [{ tenant, key: 'new' }],
        });
        expect(loaded).toEqual({ positions: [], streams: [], rows: [], parkedKeys: [], requests: [] });
        expect((await store.outbox.backlog()).rows).toBe(0);
        expect(await store.parked.count(consumer)).toEqual({ keys: 0, records: 0 });
      };

      it('may be empty', async () => {
        await commit({});
        await expectNothing();
      });

      it('leaves everything', async () => {
        await store.commit(whole());
        expect(await loadStream('new')).toBeDefined();
        expect(await loadRow('sample_view', 'new')).toBeDefined();
        expect(await loadRow('sample_state', 'new')).toBeDefined();
        expect(await loadRow('sample_journal', 'new', '1')).toBeDefined();
        expect((await store.outbox.backlog()).rows).toBe(1);
        const { positions, parkedKeys, requests } = await load({
          positions: [position(0)],
          keys: [{ topic: 'orders', key: 'demo/new' }],
          requests: [{ tenant, key: 'new' }],
        });
        expect(positions).toEqual([position(7)]);
        expect(parkedKeys).toEqual([{ topic: 'orders', key: 'demo/new' }]);
        expect(requests).toHaveLength(1);
      });

      const conflicts: Record<string, Partial<UnitOfWork>> = {
        position: { positions: [moved(0, 7), moved(3, 4, 1)] },
        'new stream': { streams: [stream('new', 0), stream('known', 0)] },
        'known stream': { streams: [stream('new', 0), stream('known', 2)] },
        'new row of a view': { rows: [viewRow('new', 0), viewRow('known', 0)] },
        'known row of a view': { rows: [viewRow('new', 0), stateRow('new', 'open'), viewRow('known', 2)] },
        'row of a journal': { rows: [journalRow('new', 1), journalRow('known', 1)] },
        request: { requests: [{ tenant, key: 'known', hash: 'h', answer: '{}' }] },
        'parked record': { redriven: [{ topic: 'orders', key: 'demo/known', n: 999_999 }] },
      };

      for (const [part, parts] of Object.entries(conflicts)) {
        it(`leaves nothing when a ${part} conflicts`, async () => {
          await commit({
            streams: [stream('known', 0)],
            rows: [viewRow('known', 0), stateRow('known', 'open'), journalRow('known', 1)],
            requests: [{ tenant, key: 'known', hash: 'h', answer: '{}' }],
          });
          await expect(store.commit({ ...whole(), ...parts })).rejects.toMatchObject(CONFLICT);
          await expectNothing();
          expect((await load({ positions: [position(0)] })).positions).toEqual([position(0)]);
        });
      }

      it('that names a thing twice is a defect, not something to try again', async () => {
        await expect(commit({ streams: [stream('o-1', 0), stream('o-1', 0)] })).rejects.not.toMatchObject({ transient: true });
        await expect(commit({ rows: [journalRow('j', 1), journalRow('j', 1)] })).rejects.not.toMatchObject({ transient: true });
        expect(await loadStream('o-1')).toBeUndefined();
      });
    });

    describe('requests', () => {
      it('are answered once and found again', async () => {
        const request = { tenant, key: 'r "1"', hash: 'abc', answer: '{"kind":"done","note":"żółw \\u0000"}' };
        await commit({ requests: [request] });
        const asked = [
          { tenant, key: 'absent' },
          { tenant, key: 'r "1"' },
          { tenant: 'other', key: 'r "1"' },
        ];
        expect((await load({ requests: asked })).requests).toEqual([request]);
        await expect(commit({ requests: [{ ...request, hash: 'def' }] })).rejects.toMatchObject(CONFLICT);
      });
    });

    describe('a scan', () => {
      it('gives every stream once, page by page, of any tenant and kind', async () => {
        const names = ['a', 'b', 'ä', '10', '9', 'Z'];
        await commit({ streams: names.map((id) => stream(id, 0)) });
        await commit({
          streams: [
            { ...stream('a', 0), tenant: 'other' },
            { ...stream('a', 0), stream: 'another-kind' },
          ],
        });
        const found: string[] = [];
        for (let last: StreamKey | undefined; ;) {
          const page = await store.scanStreams(last, 3);
          found.push(...page.map((each) => `${each.tenant}/${each.stream}/${each.id}`));
          last = page.at(-1);
          if (page.length === 0) break;
        }
        expect(found).toHaveLength(names.length + 2);
        expect(new Set(found).size).toBe(names.length + 2);
      });
    });

    describe('the outbox', () => {
      it('gives rows oldest first, and each again until it is acknowledged', async () => {
        await commit({ outbox: [outboxEvent('a', '1'), outboxEvent('b', '2')] });
        await commit({ outbox: [outboxEvent('a', '3 żółw'), outboxEvent('a', '4')] });
        const lease = await leased();
        const first = await lease.next([], 3);
        expect(first.map(({ value }) => value)).toEqual(['1', '2', '3 żółw']);
        expect(first[0]).toEqual({ ...outboxEvent('a', '1'), id: expect.any(Number), recordedAt: expect.any(Number) });
        expect(await lease.next([], 3)).toEqual(first);
        const ids = first.map(({ id }) => id);
        expect((await lease.next(ids.slice(1), 10)).map(({ value }) => value)).toEqual(['1', '4']);
        expect((await lease.rows([...ids, 999_999])).map(({ id }) => id)).toEqual(ids.slice(0, 1));
        expect((await store.outbox.backlog()).rows).toBe(2);
        await lease.next(
          (await lease.next([], 10)).map(({ id }) => id),
          1,
        );
        expect(await store.outbox.backlog()).toMatchObject({ rows: 0, oldestSeconds: 0 });
      });

      it('keeps the order of a unit, and of the units of a stream', async () => {
        const ids = Array.from({ length: 20 }, (_, index) => `o-${index}`);
        const turns = Array.from({ length: 10 }, (_, turn) => turn);
        await Promise.all(
          ids.map(async (id) => {
            for (const turn of turns) {
              await commit({ streams: [stream(id, turn)], outbox: [outboxEvent(id, `${turn}a`), outboxEvent(id, `${turn}b`)] });
            }
          }),
        );
        const rows = await (await leased()).next([], 1000);
        expect(rows.map(({ id }) => id)).toEqual(rows.map(({ id }) => id).sort((a, b) => a - b));
        for (const id of ids) {
          const values = rows.filter(({ key }) => key === `demo/${id}`).map(({ value }) => value);
          expect(values).toEqual(turns.flatMap((turn) => [`${turn}a`, `${turn}b`]));
        }
      });

      it('keeps values of a megabyte', async () => {
        const value = JSON.stringify({ text: 'ż"\\'.repeat(250_000) });
        await commit({ outbox: [outboxEvent('a', value)] });
        const [row] = await (await leased()).next([], 1);
        expect(row?.value === value).toBe(true);
      });

      it('is leased to one holder', async () => {
        const lease = await leased();
        expect(lease.held()).toBe(true);
        expect(await store.outbox.lease()).toBeUndefined();
        await lease.release();
        expect(lease.held()).toBe(false);
        await (await leased()).release();
      });

      it('starts with an empty ledger and keeps what was allotted, whoever comes next', async () => {
        const lease = await leased();
        const empty = await lease.ledger();
        expect(empty).toEqual({ generation: 0, epoch: 1, serial: 0, counters: [], inFlight: [] });
        const ledger = {
          generation: 0,
          epoch: 2,
          serial: 1_234,
          counters: [{ topic: 'orders', partition: 1, n: 12 }],
          inFlight: Array.from({ length: 1000 }, (_, n) => ({ id: n * 3 + 7, n: n + 1 })),
        };
        expect(await lease.allot(ledger)).toBe(true);
        expect(await lease.ledger()).toEqual({ ...ledger, generation: 1 });
        expect(await lease.allot(ledger)).toBe(false);
        await lease.release();
        expect(await (await leased()).ledger()).toEqual({ ...ledger, generation: 1 });
      });

      it('lets a holder that lost the lease allot nothing', async () => {
        const first = await leased();
        const ledger = await first.ledger();
        await under.loseLease();
        const second = await leased();
        expect(await second.allot({ ...ledger, counters: [{ topic: 'orders', partition: 0, n: 5 }] })).toBe(true);
        const late = first.allot({ ...ledger, counters: [{ topic: 'orders', partition: 0, n: 1 }] });
        expect(await late.catch(() => 'refused')).not.toBe(true);
        expect(first.held()).toBe(false);
        expect((await second.ledger()).counters).toEqual([{ topic: 'orders', partition: 0, n: 5 }]);
      });
    });

    describe('incarnation', () => {
      const other = { consumer: 'none', positions: [], streams: [], rows: [], keys: [], requests: [] };

      it('is inspected together with the ledger', async () => {
        const lease = await leased();
        const ledger = await lease.ledger();
        await lease.allot({ ...ledger, counters: [{ topic: 'orders', partition: 0, n: 5 }] });
        const first = await store.inspect();
        expect(first.ledger).toEqual(await lease.ledger());
        expect(first.incarnation).not.toBe('');
        expect((await store.inspect()).incarnation).toBe(first.incarnation);
      });

      it('lets through what names it, and what names none', async () => {
        const { incarnation } = await store.inspect();
        const request = { tenant: 'demo', key: 'k', hash: 'h', answer: '{}' };
        await store.commit({ ...unit({ requests: [request] }), incarnation });
        const asked = { ...other, requests: [{ tenant: 'demo', key: 'k' }] };
        expect((await store.load({ ...asked, incarnation })).requests).toEqual([request]);
        expect((await store.load(asked)).requests).toEqual([request]);
      });

      it('keeps out what was meant for another copy of the data', async () => {
        const incarnation = 'another';
        const asked = { ...other, requests: [{ tenant: 'demo', key: 'k' }] };
        await expect(store.load({ ...asked, incarnation })).rejects.toMatchObject({ code: 'store/replaced', transient: true });
        const late = unit({ requests: [{ tenant: 'demo', key: 'k', hash: 'h', answer: '{}' }] });
        await expect(store.commit({ ...late, incarnation })).rejects.toMatchObject({ code: 'store/replaced', transient: true });
        expect((await store.load(asked)).requests).toEqual([]);
      });
    });

    describe('parked records', () => {
      const [poison, follower, other] = [
        parkedRecord('demo/a', 3, { value: Buffer.from([0, 255, 128, 39, 34, 92]), reason: 'a \0 in it', type: null, sequence: null }),
        parkedRecord('demo/a', 5, { code: 'follows' }),
        parkedRecord('demo/b', 4),
      ] as const;

      it('are kept as they came, by key and in order', async () => {
        await commit({ parked: [poison] });
        await commit({ parked: [other, follower] });
        await commit({ parked: [parkedRecord('demo/a', 1, { consumer: 'another' })] });
        const list = await store.parked.list(consumer, 10);
        expect(list.map(({ key, offset, waiting }) => [key, offset, waiting])).toEqual([
          ['demo/a', 3, 2],
          ['demo/b', 4, 1],
        ]);
        const records = await store.parked.read(consumer, 'orders', 'demo/a', 10);
        expect(records).toMatchObject([{ ...poison, reason: expect.stringMatching(/^a . in it$/su), n: expect.any(Number) }, follower]);
        expect(await store.parked.read(consumer, 'orders', 'demo/a', 1)).toHaveLength(1);
        expect(await store.parked.list(consumer, 1)).toHaveLength(1);
        expect((await store.parked.list(consumer, 1, poison.code)).map(({ key, waiting }) => [key, waiting])).toEqual([['demo/a', 2]]);
        expect(await store.parked.list(consumer, 10, 'follows')).toEqual([]);
        expect(await store.parked.count(consumer)).toEqual({ keys: 2, records: 3 });
        const keys = ['demo/c', 'demo/b', 'demo/a'].map((key) => ({ topic: 'orders', key }));
        const { parkedKeys } = await load({ keys });
        expect(parkedKeys.map(({ key }) => key).sort()).toEqual(['demo/a', 'demo/b']);
      });

      it('go when they are redriven, once', async () => {
        await commit({ parked: [poison, follower, other] });
        const [first, second] = await store.parked.read(consumer, 'orders', 'demo/a', 10);
        const redriven = (n = 0) => ({ redriven: [{ topic: 'orders', key: 'demo/a', n }] });
        await commit({ ...redriven(first?.n), streams: [stream('a', 0)] });
        expect(await store.parked.read(consumer, 'orders', 'demo/a', 10)).toEqual([second]);
        await expect(commit({ ...redriven(first?.n), streams: [stream('b', 0)] })).rejects.toMatchObject(CONFLICT);
        expect(await loadStream('b')).toBeUndefined();
        await commit(redriven(second?.n));
        expect((await load({ keys: [{ topic: 'orders', key: 'demo/a' }] })).parkedKeys).toEqual([]);
        expect(await store.parked.count(consumer)).toEqual({ keys: 1, records: 1 });
      });
    });
  });
}
