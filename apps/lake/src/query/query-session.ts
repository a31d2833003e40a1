import { join } from 'node:path';

import type { DuckDBConnection } from '@duckdb/node-api';

import { readManifest } from '../manifest/manifest-file.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { announceReader } from '../manifest/readers.ts';
import type { Personal } from '../personal/hidden-fields.ts';
import { asOfViews, momentOf, type AsOf } from '../row-history/as-of-views.ts';
import { lakeViews } from '../views/lake-views.ts';
import { assertFilesThere } from './assert-files.ts';
import type { QueryLimits } from './limits.ts';
import { openLockedDatabase, type Folders } from './locked-database.ts';
import type { Freshness } from './messages.ts';

/** A locked database with the views of a lake. One query at a time. */
export class QuerySession {
  readonly connection: DuckDBConnection;
  readonly #lake: string;
  readonly #personal: Personal;
  #generation = -1;

  private constructor(connection: DuckDBConnection, lake: string, personal: Personal) {
    this.connection = connection;
    this.#lake = lake;
    this.#personal = personal;
  }

  static async open(folders: Folders, limits: QueryLimits): Promise<QuerySession> {
    const session = new QuerySession(await openLockedDatabase(folders, limits), folders.lake, limits.personal);
    await session.read(async () => undefined);
    return session;
  }

  /** Runs `work` on the lake as it is now, with the rows as of a moment when one is named. No file of it is removed meanwhile. */
  async read<T>(work: (freshness: Freshness) => Promise<T>, asOf?: AsOf): Promise<T> {
    const reader = announceReader(this.#lake);
    try {
      const manifest = readManifest(this.#lake);
      assertFilesThere(this.#lake, manifest);
      await this.#show(manifest);
      if (asOf) await this.#showAsOf(asOf);
      return await work({ ...freshnessOf(manifest), ...(asOf && { asOf: new Date(momentOf(asOf.recorded, 'as of')).toISOString() }) });
    } finally {
      reader.release();
    }
  }

  async #show(manifest: Manifest): Promise<void> {
    if (manifest.generation === this.#generation) return;
    for (const { name, sql } of lakeViews(manifest, (path) => join(this.#lake, path), this.#personal)) {
      await this.connection.run(`CREATE OR REPLACE VIEW ${name} AS ${sql}`);
    }
    this.#generation = manifest.generation;
  }

  async #showAsOf(asOf: AsOf): Promise<void> {
    for (const schema of ['as_of', 'history']) await this.connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    for (const { name, sql } of asOfViews(this.#lake, asOf, this.#personal))
      await this.connection.run(`CREATE OR REPLACE VIEW ${name} AS ${sql}`);
  }
}

function freshnessOf(manifest: Manifest): Freshness {
  const files = manifest.files();
  const newest = files
    .map(({ recorded }) => recorded?.to)
    .filter((to) => to !== undefined)
    .sort()
    .at(-1);
  return { files: files.length, ...(newest !== undefined && { recordedUpTo: newest }) };
}
