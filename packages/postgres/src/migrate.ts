import type { DataSource } from 'typeorm';

import { quoteName } from './connection.ts';

/** Any number that no other advisory lock of the project uses; the second half of the lock is the schema. */
const MIGRATION_LOCK = 7_301_002;
const LONGEST_WAIT = '120s';

/**
 * Brings the tables up to date; resolves with the names of the migrations that ran. Connects the data source when it is not. Several
 * replicas may start at once: one migrates, the others wait up to two minutes and then find nothing to do. A fresh schema is created.
 */
export async function migrate(source: DataSource): Promise<readonly string[]> {
  if (!source.isInitialized) await source.initialize();
  const schema = schemaOf(source);
  const session = source.createQueryRunner();
  try {
    await session.query(`SET lock_timeout = '${LONGEST_WAIT}'`);
    await session.query('SELECT pg_advisory_lock($1, hashtext($2))', [MIGRATION_LOCK, schema]);
    try {
      await session.query(`CREATE SCHEMA IF NOT EXISTS ${quoteName(schema)}`);
      return (await source.runMigrations()).map(({ name }) => name);
    } finally {
      await session.query('SELECT pg_advisory_unlock($1, hashtext($2))', [MIGRATION_LOCK, schema]);
      await session.query('RESET lock_timeout');
    }
  } finally {
    await session.release();
  }
}

/** The tables are older than the program. `missing` names the migrations that have not run, in their order. */
export class MigrationsMissing extends Error {
  readonly code = 'database/migrations-missing';
  readonly transient = false;
  readonly missing: readonly string[];

  constructor(missing: readonly string[]) {
    super(`its tables lack the migrations ${missing.join(', ')}: run the service once with the argument "migrate"`);
    this.missing = missing;
  }
}

/**
 * Resolves when every migration of this program has run; rejects with `MigrationsMissing` otherwise. Changes nothing. Migrations of a newer
 * program do no harm: tables only grow until no older program runs any more.
 */
export async function requireMigrated(source: DataSource): Promise<void> {
  if (!source.isInitialized) await source.initialize();
  const table = `${quoteName(schemaOf(source))}.${quoteName(source.options.migrationsTableName ?? 'migrations')}`;
  const [there] = await source.query<{ there: boolean }[]>('SELECT to_regclass($1) IS NOT NULL AS there', [table]);
  const done = there?.there === true ? await source.query<{ name: string }[]>(`SELECT name FROM ${table}`) : [];
  const ran = new Set(done.map(({ name }) => name));
  const missing = source.migrations.map((migration) => migration.name ?? migration.constructor.name).filter((name) => !ran.has(name));
  if (missing.length > 0) throw new MigrationsMissing(missing);
}

/** What would have to change in the database for it to be as the entity schemas say, as SQL. Empty when migrations and schemas agree. */
export async function schemaDrift(source: DataSource): Promise<readonly string[]> {
  return (await source.driver.createSchemaBuilder().log()).upQueries.map(({ query }) => query);
}

function schemaOf({ options }: DataSource): string {
  return 'schema' in options && typeof options.schema === 'string' ? options.schema : 'public';
}
