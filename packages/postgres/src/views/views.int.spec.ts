import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { EntitySchema } from 'typeorm';

import { dataSource } from '../data-source.ts';
import { migrate } from '../migrate.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { CreateSampleTables1795622400000, sampleTables } from '../testing/sample-tables.ts';
import { until } from '../testing/until.ts';
import { compareView } from './compare-view.ts';
import { requireReadColumns } from './require-columns.ts';
import { routeOf, switchView } from './view-route.ts';

describe('versions of a view', () => {
  const built = 'view_sample_view_v2';
  let database: TestDatabase;
  const connection = () => ({ url: database.url, service: 'test' });
  const entity = sampleTables.find(({ options }) => options.name === 'sample_view');

  beforeEach(async () => {
    database = await testDatabase();
    for (const schema of ['public', built]) {
      const source = dataSource({ ...connection(), schema, entities: sampleTables, migrations: [CreateSampleTables1795622400000] });
      await migrate(source);
      await source.destroy();
      await add(schema, 'A');
    }
  });

  afterEach(async () => {
    await database.drop();
  });

  async function add(schema: string, item: string): Promise<void> {
    await database.query(`INSERT INTO ${schema}.sample_view VALUES ('demo', $1, 1, 1.50, 1, NULL, true, 1)`, [item]);
  }

  async function session(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    return client;
  }

  async function toVersion(version: number): Promise<void> {
    await switchView(connection(), { view: 'sample_view', version, schema: version === 1 ? 'public' : built });
  }

  /** Whether somebody waits for a lock on a table or view of this name. */
  async function isWaitedFor(name: string): Promise<boolean> {
    const waiting = await database.query('SELECT 1 FROM pg_locks WHERE NOT granted AND relation = to_regclass($1)::oid', [name]);
    return waiting.length > 0;
  }

  it('are compared as they stand at one moment, sums too', async () => {
    if (!entity) throw new Error('no entity');
    const held = await session();
    await held.query(`BEGIN; LOCK TABLE ${built}.sample_view IN ACCESS EXCLUSIVE MODE`);
    const comparing = compareView(connection(), { entity, liveSchema: 'public', builtSchema: built, except: [] });
    await until('the comparison to be in the middle', () => isWaitedFor(`${built}.sample_view`));
    await add('public', 'B');
    await held.query('COMMIT');
    expect(await comparing).toMatchObject({ equal: true, sums: [], table: { live: { rows: 1 } } });
    expect(await compareView(connection(), { entity, liveSchema: 'public', builtSchema: built, except: [] })).toMatchObject({
      equal: false,
      sums: [
        { tenant: 'demo', of: 'amount', live: '3', built: '1.5' },
        { tenant: 'demo', of: 'rows', live: '2', built: '1' },
      ],
    });
    await held.end();
  });

  it('are switched without holding up who reads, although somebody has read for long', async () => {
    await toVersion(2);
    const [long, other] = [await session(), await session()];
    await long.query('BEGIN; SELECT * FROM reading.sample_view');
    let ended = false;
    const switching = toVersion(1).finally(() => (ended = true));
    await until('the switch to wait', () => isWaitedFor('reading.sample_view'));
    // Whoever comes meanwhile is not kept waiting until the long one ends.
    await other.query("SET statement_timeout = '3s'");
    for (let times = 0; times < 3; times += 1) await other.query('SELECT * FROM reading.sample_view');
    expect([ended, (await routeOf(connection(), 'sample_view'))?.version]).toEqual([false, 2]);
    await long.query('COMMIT');
    await switching;
    expect((await routeOf(connection(), 'sample_view'))?.version).toBe(1);
    await Promise.all([long.end(), other.end()]);
  });

  it('stay as they are, with a sentence, when somebody reads without an end', async () => {
    await toVersion(2);
    const long = await session();
    await long.query('BEGIN; SELECT * FROM reading.sample_view');
    const switching = switchView(connection(), { view: 'sample_view', version: 1, schema: 'public' }, { patienceMs: 300 });
    await expect(switching).rejects.toMatchObject({ code: 'rebuild/view-in-use', message: expect.stringContaining('sample_view') });
    await long.query('COMMIT');
    expect((await routeOf(connection(), 'sample_view'))?.version).toBe(2);
    await long.end();
  });

  it('are switched for the first time by many at once', async () => {
    await Promise.all([2, 1, 2, 1, 2, 1, 2, 1].map(toVersion));
    const version = (await routeOf(connection(), 'sample_view'))?.version;
    const there = await database.query("SELECT to_regclass('reading.sample_view') IS NOT NULL AS view");
    expect([1, 2]).toContain(version);
    expect(there).toEqual([{ view: version === 2 }]);
  });

  it('are the service’s own again when the one that was read is dropped', async () => {
    await toVersion(2);
    await database.query(`DROP SCHEMA ${built} CASCADE`);
    expect(await routeOf(connection(), 'sample_view')).toBeUndefined();
    await toVersion(1);
    expect(await routeOf(connection(), 'sample_view')).toMatchObject({ version: 1 });
  });

  it('are not read by a release that asks for a column which they lack', async () => {
    if (!entity) throw new Error('no entity');
    const { name, columns } = entity.options;
    const wider = new EntitySchema<object>({ name, columns: { ...columns, colour: { type: 'text', nullable: true } } });
    const queries = dataSource({ ...connection(), entities: [wider], migrations: [], readsSwitchedViews: true });
    await toVersion(2);
    await database.query('ALTER TABLE public.sample_view ADD COLUMN colour text');
    await expect(requireReadColumns(queries)).rejects.toMatchObject({
      code: 'database/switched-view-too-old',
      message: expect.stringMatching(/^the version of sample_view that is read has no column colour,.* rollback/),
    });
    // That is why: what would be asked cannot be answered.
    await expect(queries.getRepository(wider).find()).rejects.toThrow('colour does not exist');
    await toVersion(1);
    await requireReadColumns(queries);
    expect(await queries.getRepository(wider).find()).toMatchObject([{ item: 'A', colour: null }]);
    await database.query(`ALTER TABLE ${built}.sample_view ADD COLUMN colour text`);
    await toVersion(2);
    await requireReadColumns(queries);
    await queries.destroy();
  });
});
