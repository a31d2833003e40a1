import { dataSource } from '../data-source.ts';
import { migrate } from '../migrate.ts';
import { testDatabase, type TestDatabase } from './database.ts';
import { CreateSampleTables1795622400000, sampleTables } from './sample-tables.ts';

/** A fresh database with the tables of the runtime and the sample tables. */
export async function sampleDatabase(): Promise<TestDatabase> {
  const database = await testDatabase();
  const source = dataSource({ url: database.url, service: 'test', entities: sampleTables, migrations: [CreateSampleTables1795622400000] });
  await migrate(source);
  await source.destroy();
  return database;
}
