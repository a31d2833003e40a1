import { quoted } from '../query/locked-database.ts';
import type { LakeFile } from '../manifest/lake-file.ts';

/** Of the values of a part, and how many: what is read at once must fit into the memory several times. */
const most = { bytes: 32 * 1024 * 1024, records: 25_000 } as const;

/** Records `first` up to but not including `end` of a file, which are read at once. */
export interface Part {
  /** SQL of what its rows are selected from; others may lie there too. */
  readonly source: string;
  readonly first: number;
  readonly end: number;
}

/** How many records a part of this file has. */
export function sizeOfPart({ rows, valueBytes }: LakeFile): number {
  return Math.max(1, Math.min(most.records, Math.floor((most.bytes * rows) / Math.max(1, valueBytes))));
}

/** Of the file as it is: each reads all of it that may hold one of its records. */
export function partsInPlace(file: LakeFile, path: string): readonly Part[] {
  return partsOf(file, () => parquet(path));
}

export function partsOf(file: LakeFile, sourceOf: (part: number) => string): readonly Part[] {
  const size = sizeOfPart(file);
  const count = Math.ceil(file.rows / size);
  return Array.from({ length: count }, (_, part) => {
    const first = file.first + part * size;
    return { source: sourceOf(part), first, end: Math.min(first + size, file.last + 1) };
  });
}

export function parquet(path: string): string {
  return `read_parquet(${quoted(path)}, hive_partitioning = false)`;
}
