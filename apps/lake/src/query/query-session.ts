import { join } from 'node:path';

import type { DuckDBConnection } from '@duckdb/node-api';

import { readManifest } from '../manifest/manifest-file.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { newestSound } from '../manifest/newest-sound.ts';
import { announceReader } from '../manifest/readers.ts';
import type { Personal } from '../personal/hidden-fields.ts';
import { asOfViews, folderOf, momentOf, type AsOf } from '../row-history/as-of-views.ts';
import { soundHistory } from '../row-history/sound-history.ts';
import { SoundFiles } from '../sound/sound-files.ts';
import { lakeViews } from '../views/lake-views.ts';
import { assertFilesSound, sayChecking } from './assert-files.ts';
import type { QueryLimits } from './limits.ts';
import { openLockedDatabase, type Folders } from './locked-database.ts';
import type { Freshness } from './messages.ts';

/** A locked database with the views of a lake. One query at a time. */
export class QuerySession {
  readonly connection: DuckDBConnection;
  readonly #lake: string;
  readonly #personal: Personal;
  readonly #sound: SoundFiles;
  #soundHistory: SoundFiles | undefined;
  #generation = -1;
  /** Of which history and moment there are views. */
  #shown = '';

  private constructor(connection: DuckDBConnection, lake: string, personal: Personal) {
    this.connection = connection;
    this.#lake = lake;
    this.#personal = personal;
    this.#sound = new SoundFiles(lake);
  }

  /** Reads what is not known to be sound, which takes its time where a lake is new; of the row history too when a moment is named. */
  static async open(folders: Folders, limits: QueryLimits, asOf?: AsOf): Promise<QuerySession> {
    const session = new QuerySession(await openLockedDatabase(folders, limits), folders.lake, limits.personal);
    try {
      await session.read(async () => undefined, asOf);
      return session;
    } catch (error) {
      session.connection.closeSync();
      throw error;
    }
  }

  /**
   * Runs `work` on the lake as it is now, with the rows as of a moment when one is named. Each of its files has the bytes that were written, and
   * none is removed meanwhile. Rejects with `LakeFault` when one is missing or damaged, and when the moment is not known.
   */
  async read<T>(work: (freshness: Freshness) => Promise<T>, asOf?: AsOf): Promise<T> {
    const reader = announceReader(this.#lake);
    try {
      const manifest = await this.#soundManifest();
      await this.#show(manifest);
      if (asOf) await this.#showAsOf(asOf);
      return await work({ ...freshnessOf(manifest), ...(asOf && { asOf: new Date(momentOf(asOf.recorded, 'as of')).toISOString() }) });
    } finally {
      reader.release();
    }
  }

  async #soundManifest(): Promise<Manifest> {
    try {
      return await newestSound(
        () => readManifest(this.#lake),
        ({ generation }) => generation,
        (manifest) => assertFilesSound(this.#sound, manifest.files()),
      );
    } finally {
      this.#sound.save();
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
    const folder = folderOf(this.#lake, asOf);
    if (this.#soundHistory?.folder !== folder) this.#soundHistory = new SoundFiles(folder);
    const history = await soundHistory(this.#soundHistory, sayChecking);
    const wanted = `${folder} ${history.changes} ${asOf.recorded}`;
    if (wanted === this.#shown) return;
    for (const schema of ['as_of', 'history']) await this.connection.run(`CREATE SCHEMA IF NOT EXISTS ${schema}`);
    for (const { name, sql } of asOfViews(history, this.#lake, asOf, this.#personal))
      await this.connection.run(`CREATE OR REPLACE VIEW ${name} AS ${sql}`);
    this.#shown = wanted;
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
