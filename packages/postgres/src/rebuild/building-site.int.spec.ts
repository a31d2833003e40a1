import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { inTurn, openBuildingSite } from './building-site.ts';

describe('a place to build beside the live database', () => {
  let database: TestDatabase;
  const settings = () => ({ url: database.url, service: 'test' });
  const schemas = async (): Promise<unknown[]> =>
    (await database.query(`SELECT nspname FROM pg_namespace WHERE nspname LIKE 'rebuild%' ORDER BY 1`)).map(({ nspname }) => nspname);

  beforeAll(async () => {
    database = await testDatabase();
  });

  afterAll(async () => {
    await database.drop();
  });

  it('is cleared, whatever was built in it', async () => {
    const site = await openBuildingSite(settings(), 'one');
    await database.query(`CREATE SCHEMA ${site.schema}`);
    await database.query(`CREATE TABLE ${site.schema}.some (n integer)`);
    await site.clear();
    await site.clear();
    expect(await schemas()).toEqual([]);
  });

  it('is cleared by the next builder when its own was cut off, but not while somebody builds, nor what a switch put aside', async () => {
    for (const schema of ['rebuild_cut_off', 'rebuild_x_former']) await database.query(`CREATE SCHEMA ${schema}`);
    const first = await openBuildingSite(settings(), 'first');
    await database.query(`CREATE SCHEMA ${first.schema}`);
    const second = await openBuildingSite(settings(), 'second');
    expect(await schemas()).toEqual(['rebuild_first', 'rebuild_x_former']);
    await expect(openBuildingSite(settings(), 'first')).rejects.toThrow('another process builds in the schema rebuild_first');
    await first.clear();
    await second.clear();
    expect(await schemas()).toEqual(['rebuild_x_former']);
  });

  it('gives one process after the other its turn', async () => {
    let finish: (() => void) | undefined;
    const long = new Promise<void>((resolve) => (finish = resolve));
    const order: string[] = [];
    let began: (() => void) | undefined;
    const first = new Promise<void>((resolve) => (began = resolve));
    const one = inTurn(settings(), 'public', async () => void (began?.(), await long, order.push('one')), failing);
    await first;
    let waits = 0;
    const two = inTurn(
      settings(),
      'public',
      () => Promise.resolve(order.push('two')),
      () => {
        if (waits++ === 1) finish?.();
        return Promise.resolve();
      },
    );
    await Promise.all([one, two]);
    expect(order).toEqual(['one', 'two']);
  });

  it('lets one give up that waits for its turn', async () => {
    await inTurn(
      settings(),
      'public',
      async () => {
        await expect(inTurn(settings(), 'public', () => Promise.resolve(), failing)).rejects.toThrow('enough');
      },
      failing,
    );
  });
});

function failing(): Promise<void> {
  return Promise.reject(new Error('enough'));
}
