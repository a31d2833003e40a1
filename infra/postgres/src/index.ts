export { createDatabase, databaseUrl } from './create-database.ts';
export { serverFiles } from './server-files.ts';
export { startPostgres, type Postgres, type PostgresOptions } from './start-postgres.ts';
