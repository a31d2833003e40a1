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

const insert = `
  INSERT INTO lake.lake_manifest
  SELECT f->>'path', f->>'kind', f->>'topic', (f->>'partition')::integer, (f->>'first')::bigint, (f->>'last')::bigint,
         (f->>'rows')::bigint, (f->>'bytes')::bigint, f->>'sha256', (f->>'lastSequence')::bigint, (f->>'repeated')::bigint,
         (f->>'faults')::bigint, (f#>>'{occurred,from}')::timestamptz, (f#>>'{occurred,to}')::timestamptz,
         (f#>>'{recorded,from}')::timestamptz, (f#>>'{recorded,to}')::timestamptz, f->'events'
  FROM json_array_elements($1::json) AS f
  ON CONFLICT (path) DO UPDATE SET
    kind = excluded.kind, last_offset = excluded.last_offset, row_count = excluded.row_count, bytes = excluded.bytes,
    sha256 = excluded.sha256, last_sequence = excluded.last_sequence, repeated = excluded.repeated, faults = excluded.faults,
    occurred_from = excluded.occurred_from, occurred_to = excluded.occurred_to,
    recorded_from = excluded.recorded_from, recorded_to = excluded.recorded_to, events = excluded.events`;

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
