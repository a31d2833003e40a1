import { join } from 'node:path';

import type { Sequence, TopicPartition } from '@instep/event-log';

import { readChain } from '../manifest/chain-file.ts';
import type { HistoryTable } from './history-table.ts';

/** A Parquet file of the row history: versions of the rows of one table, or the order of the records when it has no table. */
export interface HistoryFile {
  /** Relative to the folder of the row history, with slashes. */
  readonly path: string;
  readonly department: string;
  readonly table: string;
  readonly rows: number;
  readonly bytes: number;
  readonly sha256: string;
  /** Numbers of its first and last version, or record. */
  readonly first: number;
  readonly last: number;
  /** When its first version was known, in milliseconds since 1970. */
  readonly from: number;
}

/** How far the history goes. */
export interface HistoryProgress {
  /** When the last record was known, and the moment up to which nothing is missing, in milliseconds since 1970. */
  readonly at: number;
  readonly upTo: number;
  readonly records: number;
  readonly versions: number;
  readonly partitions: readonly (TopicPartition & { readonly nextOffset: number; readonly sequence: Sequence })[];
}

/** What the first records of a history made of all tables, as one number. Code that folds them otherwise gives another one. */
export interface FoldProof {
  readonly records: number;
  readonly sha256: string;
}

/** One step of its growth; all of it or nothing. */
export interface HistoryChange {
  readonly added: readonly HistoryFile[];
  /** Paths. */
  readonly retired: readonly string[];
  readonly progress: HistoryProgress;
  /** In the first one: what is kept, and how to tell whether other code would keep the same. */
  readonly tables?: readonly HistoryTable[];
  readonly proof?: FoldProof;
}

export const historyFolder = 'row-history';

export const HISTORY_REMEDY = 'build it again with npm run lake -- row-history --anew';

/** What a row history consists of: the fold of its changes. */
export class HistoryManifest {
  readonly #files = new Map<string, HistoryFile>();
  readonly #retired = new Set<string>();
  tables: readonly HistoryTable[] = [];
  proof: FoldProof | undefined;
  progress: HistoryProgress | undefined;
  /** When the first record was known. */
  from: number | undefined;
  changes = 0;

  apply({ added, retired, progress, tables, proof }: HistoryChange): void {
    for (const path of retired) {
      this.#files.delete(path);
      this.#retired.add(path);
    }
    for (const file of added) {
      this.#files.set(file.path, file);
      this.#retired.delete(file.path);
      this.from = Math.min(this.from ?? file.from, file.from);
    }
    this.tables = tables ?? this.tables;
    this.proof = proof ?? this.proof;
    this.progress = progress;
    this.changes += 1;
  }

  files(): readonly HistoryFile[] {
    return [...this.#files.values()];
  }

  /** Paths that were part of it once; a file of that name may still lie there. */
  get retired(): ReadonlySet<string> {
    return this.#retired;
  }

  /** Files of one table by the numbers of their versions; of the order of records for the empty name. */
  filesOf({ department, table }: Pick<HistoryTable, 'department' | 'table'>): readonly HistoryFile[] {
    return this.files()
      .filter((file) => file.department === department && file.table === table)
      .sort((one, two) => one.first - two.first);
  }
}

export function historyManifestPath(folder: string): string {
  return join(folder, 'manifest.ndjson');
}

/** The manifest of the row history in this folder; without a change when there is none. */
export function readHistory(folder: string): HistoryManifest {
  const manifest = new HistoryManifest();
  for (const change of readChain<HistoryChange>(historyManifestPath(folder), HISTORY_REMEDY).values) manifest.apply(change);
  return manifest;
}
