export type { ConnectionSettings } from './connection.ts';
export { postgresStore, type PostgresStore, type PostgresStoreSettings } from './store/postgres-store.ts';
export { assertTables } from './store/assert-tables.ts';
export { dataSource, type DataSourceSettings } from './data-source.ts';
export { migrate, MigrationsMissing, requireMigrated, schemaDrift } from './migrate.ts';
export { runtimeEntitySchemas } from './runtime-tables/entity-schemas.ts';
export { compareSchemas, type SchemaComparison, type TableComparison, type TableSum } from './rebuild/compare-schemas.ts';
export { comparedRuntimeTables, comparedTable, type ComparedTable, type Comparison } from './rebuild/compared-table.ts';
export { dropSchema, positionsOf, SchemaInUse, switchSchema } from './rebuild/rebuilt-schema.ts';
