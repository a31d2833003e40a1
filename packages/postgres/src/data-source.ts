import { DataSource, type EntitySchema, type MigrationInterface } from 'typeorm';

import { basicConfig, type ConnectionSettings } from './connection.ts';
import { readingSchema } from './views/view-route.ts';
import { runtimeEntitySchemas } from './runtime-tables/entity-schemas.ts';
import { CreateRuntimeTables1795618800000 } from './runtime-tables/migrations/20261125T1500-create-runtime-tables.ts';
import { NumberAllRecords1795629600000 } from './runtime-tables/migrations/20261125T1800-number-all-records.ts';

export interface DataSourceSettings extends ConnectionSettings {
  /** Entity schemas of the department's projections. */
  readonly entities: readonly EntitySchema<object>[];
  /** The department's own migrations. Those of the runtime's tables come with the data source. */
  readonly migrations: readonly (new () => MigrationInterface)[];
  /** For the query side: reads the version of a view that was switched to. Not for migrations, which would work there. */
  readonly readsSwitchedViews?: boolean;
}

const MIGRATIONS_TABLE = 'migration';

/** For migrations and for the queries of read models. Not connected yet. The hot path does not go through it: see `postgresStore`. */
export function dataSource({ entities, migrations, readsSwitchedViews = false, ...connection }: DataSourceSettings): DataSource {
  const { url, service, schema, maxConnections } = connection;
  const { options } = basicConfig(connection, readsSwitchedViews ? { search_path: `${readingSchema},public` } : {});
  return new DataSource({
    type: 'postgres',
    url,
    ...(schema === undefined ? {} : { schema }),
    applicationName: `instep/${service} read models`,
    entities: [...runtimeEntitySchemas, ...entities],
    migrations: [CreateRuntimeTables1795618800000, NumberAllRecords1795629600000, ...migrations],
    migrationsTableName: MIGRATIONS_TABLE,
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    poolSize: maxConnections ?? 5,
    connectTimeoutMS: 3_000,
    extra: { keepAlive: true, ...(options === undefined || options === '' ? {} : { options }) },
  });
}
