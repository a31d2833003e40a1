import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';

import { sampleDatabase } from '../testing/sample-database.ts';
import type { TestDatabase } from '../testing/database.ts';
import { sampleTables } from '../testing/sample-tables.ts';
import { request, streamKey, unit } from '../testing/units.ts';
import { until } from '../testing/until.ts';
import { postgresStore, type PostgresStore } from './postgres-store.ts';

const UNAVAILABLE = { code: 'store/unavailable', transient: true };
const WAITING = `FROM pg_stat_activity WHERE application_name = 'instep/test' AND wait_event_type = 'Lock' AND datname = current_database()`;

describe('a fault of the database', () => {
  let database: TestDatabase;
  let store: PostgresStore;

  beforeAll(async () => {
    database = await sampleDatabase();
  });

  afterAll(async () => {
    await database.drop();
  });

  beforeEach(async () => {
    await database.query('TRUNCATE stream, outbox, sample_state');
    store = postgresStore({ url: database.url, service: 'test', tables: sampleTables });
    await store.commit(unit({ streams: [{ ...streamKey('held'), loadedVersion: 0, version: 1, state: 'first' }] }));
  });

  afterEach(async () => {
    await store.close();
  });

  const blocked = () =>
    store.commit(
      unit({
        streams: [{ ...streamKey('held'), loadedVersion: 1, version: 2, state: 'second' }],
        outbox: [{ topic: 'orders', partition: 0, key: 'demo/held', type: 'order.placed', value: 'said' }],
      }),
    );

  const whileHeld = async (work: () => Promise<void>): Promise<void> => {
    await database.query('BEGIN');
    await database.query(`SELECT 1 FROM stream WHERE id = 'held' FOR UPDATE`);
    await work().finally(() => database.query('ROLLBACK'));
  };

  it('that cuts the session in the middle of a commit makes the store unavailable, and leaves nothing', async () => {
    await whileHeld(async () => {
      const commit = blocked();
      const refused = expect(commit).rejects.toMatchObject({ ...UNAVAILABLE, cause: expect.objectContaining({ code: '57P01' }) });
      await until('the commit waits', async () => (await database.query(`SELECT pid ${WAITING}`)).length > 0);
      await database.query(`SELECT pg_terminate_backend(pid) ${WAITING}`);
      await refused;
    });
    const { streams } = await store.load(request({ streams: [streamKey('held')] }));
    expect(streams).toMatchObject([{ version: 1, state: 'first' }]);
    expect(await store.outbox.backlog()).toMatchObject({ rows: 0 });
    await blocked();
    expect(await store.outbox.backlog()).toMatchObject({ rows: 1 });
  });

  it('that keeps a row locked too long makes the store unavailable', async () => {
    await whileHeld(() => expect(blocked()).rejects.toMatchObject({ ...UNAVAILABLE, cause: expect.objectContaining({ code: '55P03' }) }));
  });

  it('that cuts idle sessions is noticed and passed over', async () => {
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'instep/test' AND datname = current_database()`,
    );
    await until('the pool has noticed', () => store.connections().open === 0);
    expect((await store.load(request({ streams: [streamKey('held')] }))).streams).toHaveLength(1);
  });

  it('that is not there makes the store unavailable', async () => {
    const address = new URL(database.url);
    address.port = '1';
    const away = postgresStore({ url: address.href, service: 'test', tables: sampleTables });
    await expect(away.load(request({ streams: [streamKey('held')] }))).rejects.toMatchObject(UNAVAILABLE);
    await expect(away.commit(unit({ streams: [{ ...streamKey('new'), loadedVersion: 0, version: 1, state: 1 }] }))).rejects.toMatchObject(
      UNAVAILABLE,
    );
    await expect(away.outbox.lease()).rejects.toMatchObject(UNAVAILABLE);
    await expect(away.outbox.backlog()).rejects.toMatchObject(UNAVAILABLE);
    await expect(away.parked.count('test')).rejects.toMatchObject(UNAVAILABLE);
    await away.close();
  });

  it('of a unique key that is not the primary one refuses the row for good', async () => {
    await database.query('CREATE UNIQUE INDEX one_of_each ON sample_state (status)');
    const row = (id: string) =>
      unit({ rows: [{ kind: 'state', table: 'sample_state', row: { tenant: 'demo', id, status: 'open', small: 1 } }] });
    await store.commit(row('1'));
    await expect(store.commit(row('2'))).rejects.toMatchObject({ code: 'store/row-rejected', transient: false });
    await store.commit(row('1'));
    await database.query('DROP INDEX one_of_each');
  });

  it('of a key too long for an index refuses the row for good', async () => {
    const id = Array.from({ length: 4000 }, (_, n) => String.fromCodePoint(0x4e00 + ((n * 7919) % 20_000))).join('');
    const commit = store.commit(unit({ streams: [{ ...streamKey(id), loadedVersion: 0, version: 1, state: 1 }] }));
    await expect(commit).rejects.toMatchObject({ code: 'store/row-rejected' });
  });

  it('after a migration is over with the next try', async () => {
    const load = () => store.load(request({ rows: [{ table: 'sample_state', keys: [['demo', '1']] }] }));
    await load();
    await database.query('ALTER TABLE sample_state ALTER COLUMN small TYPE integer');
    await load().catch((error: unknown) => expect(error).toMatchObject(UNAVAILABLE));
    expect((await load()).rows).toEqual([]);
    await database.query('ALTER TABLE sample_state ALTER COLUMN small TYPE smallint');
  });

  it('of the statements themselves is a defect', async () => {
    await database.query('ALTER TABLE request RENAME TO elsewhere');
    const load = store.load(request({ requests: [{ tenant: 'demo', key: 'k' }] }));
    await expect(load).rejects.toMatchObject({ code: '42P01' });
    await database.query('ALTER TABLE elsewhere RENAME TO request');
  });
});
