import { DuckDBInstance, StatementType, type DuckDBConnection } from '@duckdb/node-api';

import { LakeFault } from '../fault.ts';
import type { Personal } from '../personal/hidden-fields.ts';
import { assertSources } from './assert-sources.ts';
import type { QueryLimits } from './limits.ts';

/** Folders that the database may touch: the lake, and a folder of its own for spilled rows and a result. */
export interface Folders {
  readonly lake: string;
  readonly scratch: string;
}

/**
 * A DuckDB that can read the lake and nothing else: no other file, no network, no extension, no other database, and no way to change that.
 * It can still write into its folders (`COPY … TO`); so `assertReadOnly` is asked before each statement of a user.
 */
export async function openLockedDatabase({ lake, scratch }: Folders, limits: QueryLimits): Promise<DuckDBConnection> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: `${limits.memoryMb}MB`,
    temp_directory: `${scratch}/spill`,
    max_temp_directory_size: '4GB',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allow_community_extensions: 'false',
    allow_unsigned_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run('SET enable_progress_bar = true');
  await connection.run('SET enable_progress_bar_print = false');
  await connection.run(`SET allowed_directories = [${[lake, scratch].map((folder) => quoted(`${folder}/`)).join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  return connection;
}

/**
 * Throws `LakeFault` unless the text is one statement that only reads. It is parsed alone first: preparing can already do something
 * (EXPORT DATABASE makes its folder).
 */
export async function assertReadOnly(connection: DuckDBConnection, sql: string, personal: Personal): Promise<void> {
  const read = await connection.runAndReadAll('SELECT json_serialize_sql($1::VARCHAR)', [withoutExplain(sql)]);
  const parsed = JSON.parse(read.getRowsJson()[0]?.[0] as string) as Parsed;
  if (parsed.error_type === 'parser') throw new LakeFault('lake/query-failed', `Parser Error: ${parsed.error_message ?? 'not SQL'}`);
  if (parsed.error)
    throw new LakeFault(
      'lake/query-refused',
      'Only SELECT is run here: the lake is read and never changed. A result goes into a file with npm run sql -- --out <file>.',
    );
  const count = parsed.statements?.length ?? 0;
  if (count === 0) throw new LakeFault('lake/query-failed', 'There is no statement: write one, such as SELECT count(*) FROM events.');
  if (count !== 1)
    throw new LakeFault('lake/query-refused', `One statement at a time: this text has ${count}. Separate them and run each.`);
  assertSources(parsed.statements, personal);
  const prepared = await connection.prepare(sql).catch((error: unknown) => {
    throw new LakeFault(isForbidden(error) ? 'lake/query-refused' : 'lake/query-failed', spoken(error), error);
  });
  const { statementType } = prepared;
  prepared.destroySync();
  if (!allowed.has(statementType))
    throw new LakeFault('lake/query-refused', `Only SELECT is run here, and this is ${StatementType[statementType]}.`);
}

const allowed = new Set<StatementType>([StatementType.SELECT, StatementType.EXPLAIN]);

/** DuckDB writes a statement down as JSON only when it is a SELECT. */
interface Parsed {
  readonly error: boolean;
  readonly error_type?: string;
  readonly error_message?: string;
  readonly statements?: readonly unknown[];
}

function withoutExplain(sql: string): string {
  return sql.replace(/^\s*explain(\s+analyze)?\s/i, ' ');
}

export function isForbidden(error: unknown): boolean {
  return /permission error|disabled|not allowed|cannot change configuration/i.test(error instanceof Error ? error.message : String(error));
}

export function spoken(error: unknown): string {
  return error instanceof Error ? error.message.trim() : String(error);
}

export function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
