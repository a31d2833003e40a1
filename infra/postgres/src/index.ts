export { createDatabase, databaseUrl } from './create-database.ts';
export { startPostgres, type Postgres, type PostgresOptions } from './start-postgres.ts';
