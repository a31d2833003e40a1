import { afterAll, beforeAll, describe } from '@jest/globals';
import { describeStore } from '@instep/department/conformance';

import { dataSource } from '../data-source.ts';
import { migrate } from '../migrate.ts';
import { testDatabase, type TestDatabase } from '../testing/database.ts';
import { CreateSampleTables1795622400000, sampleTables } from '../testing/sample-tables.ts';
import { until } from '../testing/until.ts';
import { postgresStore } from './postgres-store.ts';

const EMPTY = `TRUNCATE stream, position, outbox, parked_event, request, sample_view, sample_state, sample_journal`;
const LEASE_HOLDERS = `FROM pg_locks WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`;

// The second schema shows that no statement names the first.
describe.each(['public', 'rebuild_2'])('in schema %s', (schema) => {
  let database: TestDatabase;

  beforeAll(async () => {
    database = await testDatabase();
    const source = dataSource({ ...settings(), entities: sampleTables, migrations: [CreateSampleTables1795622400000] });
    await migrate(source);
    await source.destroy();
    await database.query(`SET search_path = ${schema}`);
  });

  afterAll(async () => {
    await database.drop();
  });

  const settings = () => ({ url: database.url, service: 'test', ...(schema === 'public' ? {} : { schema }) });

  describeStore('the store on PostgreSQL', async () => {
    await database.query(EMPTY);
    await database.query(`UPDATE relay SET generation = 0, epoch = 1, counters = '[]', in_flight = '[]'`);
    const store = postgresStore({ ...settings(), tables: sampleTables });
    return {
      store,
      loseLease: async () => {
        await database.query(`SELECT pg_terminate_backend(pid) ${LEASE_HOLDERS}`);
        await until('the lock is free', async () => (await database.query(`SELECT pid ${LEASE_HOLDERS}`)).length === 0);
      },
      close: () => store.close(),
    };
  });
});
