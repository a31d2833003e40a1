import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { DuckDBConnection } from '@duckdb/node-api';

import { isFullDisk, LakeFault } from '../fault.ts';
import type { LakeFile } from '../manifest/lake-file.ts';
import { quoted } from '../query/locked-database.ts';
import { parquet, partsOf, sizeOfPart, type Part } from './parts.ts';

/** A sorted file in parts that can be read one after the other. */
export interface Copy {
  readonly parts: readonly Part[];
  /** Whoever took it is done with it. */
  giveBack(): void;
}

/** Records `from` up to but not including `to`. */
export interface Range {
  readonly from: number;
  readonly to: number;
}

interface Kept {
  readonly path: string;
  readonly folder: string;
  readonly parts: readonly Part[];
  users: number;
  replaced: boolean;
}

/**
 * Sorted files, taken apart by offset. Such a file has the record of an offset anywhere, so reading it in order means sorting all of it, which
 * takes more memory than its values have bytes, or reading all of it once for each part. Here it is read once, and each part gets a file of
 * its own in a scratch folder: about a quarter of the bytes of its values. Of each partition there is one such copy at a time.
 */
export class TakenApart {
  readonly #scratch: string;
  readonly #kept = new Map<string, Kept>();
  #made = 0;

  constructor(scratch: string) {
    this.#scratch = scratch;
  }

  has(file: LakeFile, range: Range): boolean {
    return this.#find(file, range) !== undefined;
  }

  /** `path`: where the file lies. One call at a time. Throws `LakeFault` when the disk of the scratch folder is full. */
  async take(file: LakeFile, range: Range, path: string, connection: DuckDBConnection): Promise<Copy> {
    const found = this.#find(file, range);
    if (found) return this.#use(found);
    const known = this.#kept.get(partitionOf(file));
    if (known) this.#replace(known);
    this.#made += 1;
    const folder = join(this.#scratch, String(this.#made));
    const parts = partsToCopy(file, range, folder);
    const made = { path: file.path, folder, parts, users: 0, replaced: false };
    try {
      mkdirSync(folder);
      await copyInParts(file, parts, { from: path, to: folder }, connection);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw isFullDisk(error) ? fullScratch(file, this.#scratch, error) : error;
    }
    this.#kept.set(partitionOf(file), made);
    return this.#use(made);
  }

  /** A copy that has all of this range. */
  #find(file: LakeFile, { from, to }: Range): Kept | undefined {
    const kept = this.#kept.get(partitionOf(file));
    const [first, last] = [kept?.parts[0], kept?.parts.at(-1)];
    return kept?.path === file.path && first && last && first.first <= from && last.end >= to ? kept : undefined;
  }

  #use(kept: Kept): Copy {
    kept.users += 1;
    return {
      parts: kept.parts,
      giveBack: () => {
        kept.users -= 1;
        this.#tidy(kept);
      },
    };
  }

  #replace(kept: Kept): void {
    kept.replaced = true;
    this.#tidy(kept);
  }

  #tidy({ users, replaced, folder }: Kept): void {
    if (replaced && users === 0) rmSync(folder, { recursive: true, force: true });
  }
}

/** The parts of a long range alone; whoever reads a short one comes again for the next. */
function partsToCopy(file: LakeFile, { from, to }: Range, folder: string): readonly Part[] {
  const isLong = to - from > 2 * sizeOfPart(file);
  const all = partsOf(file, (part) => parquet(join(folder, `part=${part}`, '*.parquet')));
  return all.filter(({ first, end }) => end > from && (!isLong || first < to));
}

/** Rows wait in memory until there are as many as this, over all parts. */
const rowsWaiting = 50_000;

async function copyInParts(
  file: LakeFile,
  parts: readonly Part[],
  { from, to }: { readonly from: string; readonly to: string },
  connection: DuckDBConnection,
): Promise<void> {
  const size = sizeOfPart(file);
  await connection.run(`SET partitioned_write_flush_threshold = ${Math.min(rowsWaiting, 2 * size)}`);
  await connection.run(
    `COPY (SELECT *, ((off - ${file.first}) // ${size})::INTEGER AS part FROM ${parquet(from)}
           WHERE off >= ${parts[0]?.first ?? 0} AND off < ${parts.at(-1)?.end ?? 0})
     TO ${quoted(to)} (FORMAT parquet, COMPRESSION lz4_raw, ROW_GROUP_SIZE 4096, PARTITION_BY (part), OVERWRITE_OR_IGNORE)`,
  );
}

function fullScratch({ path, valueBytes }: LakeFile, scratch: string, error: unknown): LakeFault {
  const wanted = Math.ceil(valueBytes / 2 / 1_000_000);
  return new LakeFault(
    'lake/disk-full',
    `The disk of ${scratch} is full, where ${path} is put in the order of its offsets before it is read: that takes up to ${wanted} MB. Nothing was changed: make room, or name a folder on another disk with TMPDIR.`,
    error,
  );
}

function partitionOf({ topic, partition }: LakeFile): string {
  return `${topic}/${partition}`;
}
