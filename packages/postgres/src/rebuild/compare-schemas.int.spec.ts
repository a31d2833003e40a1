import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { UnitOfWork } from '@instep/department';

import { dataSource } from '../data-source.ts';
import { migrate } from '../migrate.ts';
import { postgresStore } from '../store/postgres-store.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { CreateSampleTables1795622400000, sampleTables } from '../testing/sample-tables.ts';
import { compareSchemas } from './compare-schemas.ts';
import { comparedRuntimeTables, comparedTable } from './compared-table.ts';

describe('comparing a rebuilt schema with the live one', () => {
  let database: TestDatabase;
  const settings = (schema: string) => ({ url: database.url, service: 'test', schema });

  beforeAll(async () => {
    database = await testDatabase();
    for (const schema of ['public', 'rebuilt']) {
      const source = dataSource({ ...settings(schema), entities: sampleTables, migrations: [CreateSampleTables1795622400000] });
      await migrate(source);
      await source.destroy();
    }
  });

  afterAll(async () => {
    await database.drop();
  });

  it('finds rows that differ, are missing or are too many, and looks through the order of keys', async () => {
    await write('public', [
      { o: '1', state: { a: 1, b: '\0' } },
      { o: '2', state: 'same' },
      { o: '3', state: { half: '\ud800' } },
      { o: '4', state: [1, 2] },
      { o: '5', state: 'only live' },
    ]);
    await write('rebuilt', [
      { o: '1', state: { b: '\0', a: 1 } },
      { o: '2', state: 'same' },
      { o: '3', state: { half: '\ud800' } },
      { o: '4', state: [2, 1] },
      { o: '6', state: 'only rebuilt' },
    ]);
    const tables = [
      ...comparedRuntimeTables("answer <> 'refused'"),
      ...sampleTables.map((entity) => comparedTable(entity, { except: ['note'] })),
    ];
    const { tables: comparisons, unsent } = await compareSchemas({ url: database.url, service: 'test' }, 'public', 'rebuilt', tables);
    expect(unsent).toBe(0);
    const byTable = new Map(comparisons.map((each) => [each.table, each]));

    expect(byTable.get('stream')).toMatchObject({
      live: { rows: 5 },
      rebuilt: { rows: 5 },
      different: 3,
      examples: [
        { key: ['demo', 'order', '4'], found: 'differs' },
        { key: ['demo', 'order', '5'], found: 'only live' },
        { key: ['demo', 'order', '6'], found: 'only rebuilt' },
      ],
    });
    expect(byTable.get('position')).toMatchObject({ different: 0, live: { rows: 1 }, examples: [] });
    expect(byTable.get('position')?.live.hash).toBe(byTable.get('position')?.rebuilt.hash);
    // The notes differ, and so do the versions of the rows.
    expect(byTable.get('sample_view')).toMatchObject({ different: 0, live: { rows: 1 } });
    expect(byTable.get('request')).toMatchObject({ different: 0, live: { rows: 1 } });
  });

  async function write(schema: string, streams: readonly { readonly o: string; readonly state: unknown }[]): Promise<void> {
    const store = postgresStore({ ...settings(schema), tables: sampleTables });
    const row = { tenant: 'demo', item: 'A', quantity: 1, amount: '1.50', total: '1', note: schema, flag: true };
    const empty: UnitOfWork = { consumer: 'c', positions: [], streams: [], rows: [], outbox: [], requests: [], parked: [], redriven: [] };
    const position = (nextOffset: number) => ({ topic: 'orders', partition: 0, nextOffset, lastSequence: { epoch: 1, n: nextOffset } });
    await store.commit({
      ...empty,
      positions: [{ from: position(0), to: position(7) }],
      streams: streams.map(({ o, state }) => ({ tenant: 'demo', stream: 'order', id: o, loadedVersion: 0, version: 1, state })),
      rows: [{ kind: 'view', table: 'sample_view', loadedVersion: 0, row }],
      requests: [
        { tenant: 'demo', key: 'accepted', hash: 'h', answer: 'done' },
        { tenant: 'demo', key: `refused in ${schema}`, hash: 'h', answer: 'refused' },
      ],
    });
    if (schema === 'public') await store.commit({ ...empty, rows: [{ kind: 'view', table: 'sample_view', loadedVersion: 1, row }] });
    await store.close();
  }
});
