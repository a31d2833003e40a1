export type { ConnectionSettings } from './connection.ts';
export { postgresStore, type PostgresStore, type PostgresStoreSettings } from './store/postgres-store.ts';
export { dataSource, type DataSourceSettings } from './data-source.ts';
export { migrate, schemaDrift } from './migrate.ts';
export { runtimeEntitySchemas } from './runtime-tables/entity-schemas.ts';
