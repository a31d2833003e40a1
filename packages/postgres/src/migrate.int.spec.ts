import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { dataSource } from './data-source.ts';
import { migrate, requireMigrated, schemaDrift } from './migrate.ts';
import { testDatabase, type TestDatabase } from './testing/database.ts';
import { CreateSampleTables1795622400000, sampleTables } from './testing/sample-tables.ts';

describe('migrating', () => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await testDatabase();
  });

  afterAll(async () => {
    await database.drop();
  });

  it('is asked for, by name, where a service only looks; looking changes nothing', async () => {
    const one = source();
    const missing = ['CreateRuntimeTables1795618800000', 'NumberAllRecords1795629600000', 'CreateSampleTables1795622400000'];
    await expect(requireMigrated(one)).rejects.toMatchObject({ code: 'database/migrations-missing', missing });
    const tables = await database.query("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'");
    expect(tables).toEqual([]);
    await one.destroy();
  });

  it('is done once when several replicas start at once', async () => {
    const sources = [1, 2, 3].map(source);
    const ran = await Promise.all(sources.map((each) => migrate(each)));
    expect(ran.flat().sort()).toEqual([
      'CreateRuntimeTables1795618800000',
      'CreateSampleTables1795622400000',
      'NumberAllRecords1795629600000',
    ]);
    await Promise.all(sources.map((each) => each.destroy()));
  });

  it('is no longer asked for once it is done, nor for what a newer program did', async () => {
    const one = source();
    await migrate(one);
    await database.query("INSERT INTO migration (timestamp, name) VALUES (1999999999999, 'FromTheFuture1999999999999')");
    await requireMigrated(one);
    await database.query("DELETE FROM migration WHERE name LIKE 'CreateSample%'");
    await expect(requireMigrated(one)).rejects.toMatchObject({ missing: ['CreateSampleTables1795622400000'] });
    await database.query("INSERT INTO migration (timestamp, name) VALUES (1795622400000, 'CreateSampleTables1795622400000')");
    await database.query("DELETE FROM migration WHERE name LIKE 'FromTheFuture%'");
    await one.destroy();
  });

  it('leaves the tables as the entity schemas say', async () => {
    const one = source();
    await migrate(one);
    expect(await schemaDrift(one)).toEqual([]);
    await one.destroy();
  });

  it('notices a column that no migration made', async () => {
    const one = source();
    await migrate(one);
    await database.query('ALTER TABLE sample_state DROP COLUMN status');
    expect(await schemaDrift(one)).toEqual([expect.stringContaining('"status"')]);
    await one.destroy();
  });

  function source() {
    return dataSource({ url: database.url, service: 'test', entities: sampleTables, migrations: [CreateSampleTables1795622400000] });
  }
});
