import type { DataSource } from 'typeorm';

import { readingSchema } from './view-route.ts';

/** The version of a view that is read was made by an earlier release, without columns that this one asks for. */
export class SwitchedViewTooOld extends Error {
  readonly code = 'database/switched-view-too-old';
  readonly transient = false;
}

/**
 * Resolves when each view that was switched to has every column that this program asks for; rejects with `SwitchedViewTooOld` otherwise: a
 * version has the columns that it was switched to with, whatever migrations add to the service's own table. Changes nothing. Connects the
 * data source when it is not.
 */
export async function requireReadColumns(source: DataSource): Promise<void> {
  if (!source.isInitialized) await source.initialize();
  const rows = await source.query<{ view: string; columns: readonly string[] }[]>(
    `SELECT c.relname::text AS view, array_agg(a.attname::text) AS columns
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
     WHERE n.nspname = $1 AND c.relkind = 'v' AND a.attnum > 0 GROUP BY c.relname`,
    [readingSchema],
  );
  const read = new Map(rows.map(({ view, columns }) => [view, new Set(columns)]));
  for (const { tableName, columns } of source.entityMetadatas) {
    const there = read.get(tableName);
    const missing = there ? columns.map(({ databaseName }) => databaseName).filter((name) => !there.has(name)) : [];
    if (missing.length > 0)
      throw new SwitchedViewTooOld(
        `the version of ${tableName} that is read has no column ${missing.join(', ')}, since an earlier release made it: read the service's own with "replay view rollback", or build another version with this release and switch to it`,
      );
  }
}
