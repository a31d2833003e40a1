import pg from 'pg';

import { LakeFault } from '../../fault.ts';
import type { LakeFile } from '../../manifest/lake-file.ts';
import type { Manifest } from '../../manifest/manifest.ts';

/** A copy of the manifest as a table, for who asks in SQL: the same rows as the file, at the latest once the writer has started again. */
export interface ManifestTable {
  /** Makes the table say what the manifest says. */
  replace(manifest: Manifest): Promise<void>;
  add(file: LakeFile, retired: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

const create = `
  CREATE SCHEMA IF NOT EXISTS lake;
  CREATE TABLE IF NOT EXISTS lake.lake_manifest (
    path text PRIMARY KEY,
    kind text NOT NULL,
    topic text NOT NULL,
    p integer NOT NULL,
    first_offset bigint NOT NULL,
    last_offset bigint NOT NULL,
    row_count bigint NOT NULL,
    bytes bigint NOT NULL,
    sha256 text NOT NULL,
    last_sequence bigint NOT NULL,
    repeated bigint NOT NULL,
    faults bigint NOT NULL,
    occurred_from timestamptz,
    occurred_to timestamptz,
    recorded_from timestamptz,
    recorded_to timestamptz,
    events json NOT NULL
  )`;

/** Each column, and what it holds of a file `f` of the manifest. */
const columns: Readonly<Record<string, string>> = {
  path: "f->>'path'",
  kind: "f->>'kind'",
  topic: "f->>'topic'",
  p: "(f->>'partition')::integer",
  first_offset: "(f->>'first')::bigint",
  last_offset: "(f->>'last')::bigint",
  row_count: "(f->>'rows')::bigint",
  bytes: "(f->>'bytes')::bigint",
  sha256: "f->>'sha256'",
  last_sequence: "(f->>'lastSequence')::bigint",
  repeated: "(f->>'repeated')::bigint",
  faults: "(f->>'faults')::bigint",
  occurred_from: "(f#>>'{occurred,from}')::timestamptz",
  occurred_to: "(f#>>'{occurred,to}')::timestamptz",
  recorded_from: "(f#>>'{recorded,from}')::timestamptz",
  recorded_to: "(f#>>'{recorded,to}')::timestamptz",
  events: "f->'events'",
};

const names = Object.keys(columns);
/** The rows of the files in `$1`. */
const rows = `SELECT ${Object.entries(columns)
  .map(([name, value]) => `${value} AS ${name}`)
  .join(', ')} FROM json_array_elements($1::json) AS f`;

const insert = `
  INSERT INTO lake.lake_manifest (${names.join(', ')}) ${rows}
  ON CONFLICT (path) DO UPDATE SET ${names
    .filter((name) => name !== 'path')
    .map((name) => `${name} = excluded.${name}`)
    .join(', ')}`;

/** Names of the columns that differ, null where one of the two has no row. */
const compare = `
  SELECT path, CASE WHEN wanted.kind IS NULL THEN 'extra' WHEN found.kind IS NULL THEN 'missing' ELSE 'different' END AS what,
    array_remove(ARRAY[${names
      .filter((name) => name !== 'path')
      .map((name) => `CASE WHEN ${value('wanted', name)} IS DISTINCT FROM ${value('found', name)} THEN '${name}' END`)
      .join(', ')}], NULL) AS columns
  FROM (${rows}) AS wanted FULL JOIN lake.lake_manifest AS found USING (path)
  WHERE ROW(${names.map((name) => value('wanted', name)).join(', ')}) IS DISTINCT FROM ROW(${names.map((name) => value('found', name)).join(', ')})
  ORDER BY path`;

function value(of: string, name: string): string {
  return name === 'events' ? `${of}.events::jsonb` : `${of}.${name}`;
}

/** A row of the table that does not say what the manifest says. */
export interface WrongRow {
  readonly path: string;
  readonly what: 'missing' | 'extra' | 'different';
  /** That say something else. */
  readonly columns: readonly string[];
}

/** What `compareTable` found; `no-table` where nobody has made one yet. */
export type TableComparison = readonly WrongRow[] | 'no-table';

/** Compares the table in this database with a manifest, and changes nothing. Rejects as `pg` does when the database cannot be asked. */
export async function compareTable(databaseUrl: string, manifest: Manifest): Promise<TableComparison> {
  const client = new pg.Client({ connectionString: databaseUrl });
  // Told by the query that meets it.
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { rows: found } = await client.query<{ there: string | null }>("SELECT to_regclass('lake.lake_manifest') AS there");
    if (found[0]?.there === null) return 'no-table';
    return (await client.query<WrongRow>(compare, [JSON.stringify(manifest.files())])).rows;
  } finally {
    await client.end();
  }
}

/** Makes the table `lake.lake_manifest` in the given database when it is not there. */
export async function openManifestTable(databaseUrl: string): Promise<ManifestTable> {
  const pool = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  // A connection that the server closes, idle or in use, is met by the next query.
  pool.on('error', () => undefined);
  pool.on('connect', (client) => client.on('error', () => undefined));
  try {
    await pool.query(create);
  } catch (error) {
    await pool.end();
    throw new LakeFault(
      'lake/bad-option',
      `The database for the copy of the manifest cannot be used (${error instanceof Error ? error.message : String(error)}): start it, or leave DATABASE_URL out; the lake is whole without it.`,
      error,
    );
  }
  const write = async (files: readonly LakeFile[], remove: string, values: readonly unknown[]): Promise<void> => {
    const client = await pool.connect();
    try {
      await client.query('BEGIN');
      await client.query(remove, [...values]);
      await client.query(insert, [JSON.stringify(files)]);
      await client.query('COMMIT');
      client.release();
    } catch (error) {
      client.release(true);
      throw error;
    }
  };
  return {
    replace: (manifest) => write(manifest.files(), 'DELETE FROM lake.lake_manifest', []),
    add: (file, retired) => write([file], 'DELETE FROM lake.lake_manifest WHERE path = ANY($1)', [retired]),
    close: () => pool.end(),
  };
}
