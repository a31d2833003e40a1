import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { dataSource } from '../data-source.ts';
import { migrate } from '../migrate.ts';
import { postgresStore } from '../store/postgres-store.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { request, streamKey, unit } from '../testing/units.ts';
import { until } from '../testing/until.ts';
import { readSoFar, switchSchema } from './rebuilt-schema.ts';

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
    expect(await readSoFar(settings(), 'rebuilt', CONSUMER)).toEqual({
      positions: [{ topic: 'orders', partition: 0, nextOffset: 7 }],
      unsent: 0,
    });
    expect(await readSoFar(settings(), 'rebuilt', 'nobody')).toEqual({ positions: [], unsent: 0 });
  });

  it('takes the place of the live one only when no relay works there', async () => {
    const live = postgresStore({ ...settings(), tables: [] });
    const lease = await live.outbox.lease();
    const { incarnation } = await live.inspect();
    const change = { liveSchema: 'public', rebuiltSchema: 'rebuilt', keptAs: 'former', epoch: 'raise' } as const;
    await expect(switchSchema(settings(), change)).rejects.toMatchObject({ code: 'rebuild/schema-in-use' });
    await lease?.release();
    await switchSchema(settings(), change);
    const asked = request({ streams: [streamKey('1')] });
    await until('another incarnation', async () => {
      const refused = await live.load({ ...asked, incarnation }).then(
        () => undefined,
        (error: unknown) => (error as { code?: unknown }).code,
      );
      return refused === 'store/replaced';
    });
    const { incarnation: next } = await live.inspect();
    expect((await live.load({ ...asked, incarnation: next })).streams).toMatchObject([{ state: 'rebuilt' }]);
    const later = await live.outbox.lease();
    expect(await later?.ledger()).toMatchObject({ generation: 1, epoch: 2 });
    await live.close();
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
