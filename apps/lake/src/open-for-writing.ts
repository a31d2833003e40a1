import type { DuckDBInstance } from '@duckdb/node-api';

import type { ManifestTable } from './adapters/postgres/manifest-table.ts';
import { openManifestTable } from './adapters/postgres/manifest-table.ts';
import { removeLeftovers } from './export/leftovers.ts';
import { openWriterDatabase } from './export/stage.ts';
import { claimLake } from './export/writer-claim.ts';
import { ManifestWriter } from './manifest/manifest-file.ts';
import { removeRetired } from './manifest/remove-retired.ts';

/** The one process that writes a lake, with all that it holds. */
export interface LakeWriting {
  readonly folder: string;
  readonly writer: ManifestWriter;
  readonly database: DuckDBInstance;
  readonly table: ManifestTable | undefined;
  /** Removes what is no part of the lake any more and that nobody reads, and notes for readers that what was written is sound. */
  tidy(): void;
  close(): Promise<void>;
}

/**
 * Claims a lake for writing and makes it whole: unfinished work of a crashed writer goes, and the table says what the manifest says.
 * Throws `LakeFault` when another process writes it.
 */
export async function openForWriting(folder: string, databaseUrl: string | undefined): Promise<LakeWriting> {
  const claim = await claimLake(folder, `What writes ${folder} (npm start does, unless it is told --no-lake)`);
  try {
    const writer = ManifestWriter.open(folder);
    removeLeftovers(folder, writer.manifest);
    removeRetired(folder, writer.manifest);
    const database = await openWriterDatabase(folder);
    const table = databaseUrl === undefined ? undefined : await openManifestTable(databaseUrl);
    await table?.replace(writer.manifest);
    return {
      ...{ folder, writer, database, table },
      tidy: () => {
        removeRetired(folder, writer.manifest);
        writer.sound.save();
      },
      close: async () => {
        await table?.close();
        database.closeSync();
        writer.close();
        claim.release();
      },
    };
  } catch (error) {
    claim.release();
    throw error;
  }
}
