import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import type { OutboxRow } from '@instep/department';

import { sampleDatabase } from '../testing/sample-database.ts';
import type { TestDatabase } from '../testing/database.ts';
import { sampleTables } from '../testing/sample-tables.ts';
import { request, streamKey, unit } from '../testing/units.ts';
import { postgresStore, type PostgresStore } from './postgres-store.ts';

const STREAMS = 24;
const WORKERS = 4;
const UNITS_OF_WORKER = 400;
const MOST_STREAMS_OF_UNIT = 5;

describe('two processes on one database', () => {
  let database: TestDatabase;
  let stores: readonly PostgresStore[];

  beforeAll(async () => {
    database = await sampleDatabase();
    stores = [1, 2].map(() => postgresStore({ url: database.url, service: 'test', tables: sampleTables }));
  });

  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    await database.drop();
  });

  it('lose no update, and the outbox has the events of a stream in the order of its versions', async () => {
    let working = true;
    const relay = relayUntil(stores[0], () => working);
    const counts = await Promise.all(
      stores.flatMap((store, s) => Array.from({ length: WORKERS }, (_, w) => work(store, randomFrom(1 + s * WORKERS + w)))),
    );
    working = false;
    const sent = await relay;

    const increments = counts.reduce((sum, count) => sum + count.increments, 0);
    expect(counts.reduce((sum, count) => sum + count.conflicts, 0)).toBeGreaterThan(0);
    const ids = Array.from({ length: STREAMS }, (_, n) => String(n));
    const loaded = await stores[0]?.load(
      request({ streams: ids.map(streamKey), rows: [{ table: 'sample_view', keys: ids.map((id) => ['demo', id]) }] }),
    );
    const sums = (loaded?.streams ?? []).map(({ version, state }) => ({ version, count: (state as { readonly count: number }).count }));
    expect(sums.every(({ version, count }) => version === count)).toBe(true);
    expect(sums.reduce((sum, { count }) => sum + count, 0)).toBe(increments);
    expect((loaded?.rows ?? []).reduce((sum, { row }) => sum + Number(row['quantity']), 0)).toBe(increments);

    expect(sent).toHaveLength(increments);
    for (const [n, id] of ids.entries()) {
      const versions = sent.filter(({ key }) => key === `demo/${id}`).map(({ value }) => Number(value));
      const version = loaded?.streams.find((stream) => stream.id === String(n))?.version ?? 0;
      expect(versions).toEqual(Array.from({ length: version }, (_, index) => index + 1));
    }
  });

  async function work(store: PostgresStore, random: () => number): Promise<{ increments: number; conflicts: number }> {
    let [increments, conflicts, done] = [0, 0, 0];
    while (done < UNITS_OF_WORKER) {
      const ids = new Set(
        Array.from({ length: 1 + Math.floor(random() * MOST_STREAMS_OF_UNIT) }, () => String(Math.floor(random() * STREAMS))),
      );
      const loaded = await store.load(
        request({ streams: [...ids].map(streamKey), rows: [{ table: 'sample_view', keys: [...ids].map((id) => ['demo', id]) }] }),
      );
      const changes = [...ids].map((id) => {
        const version = loaded.streams.find((stream) => stream.id === id)?.version ?? 0;
        const row = loaded.rows.find(({ key }) => key[1] === id);
        return { id, version, rowVersion: row?.version ?? 0, quantity: Number(row?.row['quantity'] ?? 0) + 1 };
      });
      try {
        await store.commit(
          unit({
            streams: changes.map(({ id, version }) => ({
              ...streamKey(id),
              loadedVersion: version,
              version: version + 1,
              state: { count: version + 1 },
            })),
            rows: changes.map(({ id, rowVersion, quantity }) => ({
              kind: 'view',
              table: 'sample_view',
              loadedVersion: rowVersion,
              row: { tenant: 'demo', item: id, quantity, amount: '1', total: '1', note: null, flag: true },
            })),
            outbox: changes.map(({ id, version }) => ({
              topic: 'orders',
              partition: 0,
              key: `demo/${id}`,
              type: 'order.placed',
              value: String(version + 1),
            })),
          }),
        );
        increments += changes.length;
        done += 1;
      } catch (error) {
        expect(error).toMatchObject({ code: 'store/conflict' });
        conflicts += 1;
      }
    }
    return { increments, conflicts };
  }

  /** Takes rows while they are written, a few at a time, and acknowledges each once. */
  async function relayUntil(store: PostgresStore | undefined, working: () => boolean): Promise<readonly OutboxRow[]> {
    const lease = await store?.outbox.lease();
    if (!lease) throw new Error('the lease is not free');
    const sent: OutboxRow[] = [];
    let acknowledged: number[] = [];
    for (;;) {
      const last = !working();
      const rows = await lease.next(acknowledged, 50);
      sent.push(...rows);
      acknowledged = rows.map(({ id }) => id);
      if (rows.length === 0 && last) break;
    }
    await lease.release();
    return sent;
  }
});

/** Numbers in [0, 1) that are the same for the same seed. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
