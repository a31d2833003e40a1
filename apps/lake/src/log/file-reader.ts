import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { LogRecord } from '@instep/event-log';

import { LakeFault } from '../fault.ts';
import { sha256Of } from '../manifest/durable.ts';
import type { LakeFile } from '../manifest/lake-file.ts';
import { quoted } from '../query/locked-database.ts';
import { rowColumns, recordOf } from './record-of-row.ts';

/** Gives the records of single files, in the order of their offsets. */
export class FileReader {
  readonly #folder: string;
  readonly #instance: DuckDBInstance;
  readonly #scratch: string;
  /** Files that were compared with their checksums. */
  readonly #sound = new Map<string, Promise<void>>();

  private constructor(folder: string, instance: DuckDBInstance, scratch: string) {
    this.#folder = folder;
    this.#instance = instance;
    this.#scratch = scratch;
  }

  static async open(folder: string, limits: { readonly memoryMb: number; readonly threads: number }): Promise<FileReader> {
    // What does not fit into memory is put here, not into the lake: whoever reads need not be allowed to write there.
    const scratch = mkdtempSync(join(tmpdir(), 'lake-log-'));
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(limits.threads),
      memory_limit: `${limits.memoryMb}MB`,
      temp_directory: scratch,
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    return new FileReader(folder, instance, scratch);
  }

  /** Records `from` up to but not including `to`, all of this file. */
  async *records(file: LakeFile, from: number, to: number): AsyncGenerator<readonly LogRecord[]> {
    await this.#assertSound(file);
    // One connection per query: a shared one is not safe.
    const connection = await this.#instance.connect();
    try {
      const target = { topic: file.topic, partition: file.partition };
      let next = from;
      const result = await stream(connection, join(this.#folder, file.path), file, from, to);
      for (let chunk = await result.fetchChunk(); chunk && chunk.rowCount > 0; chunk = await result.fetchChunk()) {
        const records = chunk.getRows().map((row) => recordOf(target, row));
        for (const { offset } of records) {
          if (offset !== next) throw damaged(file, `it has offset ${offset} where ${next} should be`);
          next += 1;
        }
        yield records;
      }
      if (next !== to) throw damaged(file, `it ends at offset ${next} and not at ${to}`);
    } finally {
      connection.closeSync();
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#sound.values());
    this.#instance.closeSync();
    rmSync(this.#scratch, { recursive: true, force: true });
  }

  #assertSound(file: LakeFile): Promise<void> {
    const known = this.#sound.get(file.path) ?? assertAsWritten(this.#folder, file);
    this.#sound.set(file.path, known);
    return known;
  }
}

async function stream(connection: DuckDBConnection, path: string, { kind }: LakeFile, from: number, to: number) {
  await connection.run("SET TimeZone = 'UTC'");
  const order = kind === 'sorted' ? ' ORDER BY off' : '';
  try {
    return await connection.stream(
      `SELECT ${rowColumns} FROM read_parquet(${quoted(path)}, hive_partitioning = false) WHERE off >= ${from} AND off < ${to}${order}`,
    );
  } catch (error) {
    if (!/Binder Error/.test(error instanceof Error ? error.message : '')) throw error;
    throw new LakeFault(
      'lake/older-file',
      `${path} was written by an older release, which did not keep whole records: export into a new folder (npm run lake -- export --lake <folder>).`,
      error,
    );
  }
}

async function assertAsWritten(folder: string, file: LakeFile): Promise<void> {
  const path = join(folder, file.path);
  if (!existsSync(path))
    throw new LakeFault('lake/file-damaged', `${file.path} is missing: restore it from a copy, or export into a new folder.`);
  const { size } = statSync(path);
  if (size !== file.bytes) throw damaged(file, `it has ${size} bytes, not ${file.bytes}`);
  if ((await sha256Of(path)) !== file.sha256) throw damaged(file, 'its bytes are not those that were written');
}

function damaged({ path }: LakeFile, why: string): LakeFault {
  return new LakeFault('lake/file-damaged', `${path} is damaged: ${why}; restore it from a copy, or export into a new folder.`);
}
