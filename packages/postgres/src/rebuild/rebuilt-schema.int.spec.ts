import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { dataSource } from '../data-source.ts';
import { migrate } from '../migrate.ts';
import { postgresStore } from '../store/postgres-store.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { request, streamKey, unit } from '../testing/units.ts';
import { dropSchema, positionsOf, switchSchema } from './rebuilt-schema.ts';

const CONSUMER = 'test';

describe('a rebuilt schema', () => {
  let database: TestDatabase;
  const settings = (schema = 'public') => ({ url: database.url, service: 'test', schema });

  beforeAll(async () => {
    database = await testDatabase();
    for (const schema of ['public', 'rebuilt']) await prepare(schema);
  });

  afterAll(async () => {
    await database.drop();
  });

  it('tells its positions', async () => {
    expect(await positionsOf(settings(), 'rebuilt', CONSUMER)).toEqual([{ topic: 'orders', partition: 0, nextOffset: 7 }]);
  });

  it('takes the place of the live one only when no relay works there', async () => {
    const live = postgresStore({ ...settings(), tables: [] });
    const lease = await live.outbox.lease();
    await expect(switchSchema(settings(), 'public', 'rebuilt', 'former')).rejects.toMatchObject({ code: 'rebuild/schema-in-use' });
    await lease?.release();
    await switchSchema(settings(), 'public', 'rebuilt', 'former');
    expect((await live.load(request({ streams: [streamKey('1')] }))).streams).toMatchObject([{ state: 'rebuilt' }]);
    const next = await live.outbox.lease();
    expect(await next?.ledger()).toMatchObject({ generation: 1, epoch: 2 });
    await live.close();
  });

  it('can be dropped', async () => {
    await dropSchema(settings(), 'former');
    await dropSchema(settings(), 'former');
    expect(await database.query(`SELECT 1 FROM pg_namespace WHERE nspname = 'former'`)).toEqual([]);
  });

  async function prepare(schema: string): Promise<void> {
    const source = dataSource({ ...settings(schema), entities: [], migrations: [] });
    await migrate(source);
    await source.destroy();
    const store = postgresStore({ ...settings(schema), tables: [] });
    const position = (nextOffset: number) => ({ topic: 'orders', partition: 0, nextOffset, lastSequence: { epoch: 1, n: nextOffset } });
    await store.commit(
      unit({
        consumer: CONSUMER,
        positions: [{ from: position(0), to: position(7) }],
        streams: [{ ...streamKey('1'), loadedVersion: 0, version: 1, state: schema }],
      }),
    );
    await store.close();
  }
});
