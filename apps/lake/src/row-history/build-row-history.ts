import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { placeInSequence } from '@instep/department';
import { cutAt, UnknownTopic, type LogReader, type Sequence } from '@instep/event-log';

import { openWriterDatabase } from '../export/stage.ts';
import { claimLake } from '../export/writer-claim.ts';
import { asLakeFault, LakeFault } from '../fault.ts';
import { ChainWriter, readChain } from '../manifest/chain-file.ts';
import { isBeingRead } from '../manifest/readers.ts';
import { SoundFiles } from '../sound/sound-files.ts';
import type { KeptDepartment } from './departments.ts';
import { historyFilesOnDisk } from './files-on-disk.ts';
import { StateFile } from './fold-state.ts';
import { FoldDigest } from './fold-proof.ts';
import { HistoryFolds, topicsOf } from './history-folds.ts';
import {
  HISTORY_REMEDY,
  HistoryManifest,
  historyManifestPath,
  type FoldProof,
  type HistoryChange,
  type HistoryFile,
  type HistoryProgress,
} from './history-manifest.ts';
import { firstRecords } from './first-records.ts';
import { eventOf, inOrderOfKnowledge, type KnownRecord, type Reached } from './order-of-knowledge.ts';
import { openStageConnection, OrderStage, VersionStage } from './version-stage.ts';

export interface HistoryParts {
  readonly log: LogReader;
  /** Of the row history. */
  readonly folder: string;
  /** Of the lake, where readers say that they read. */
  readonly lake: string;
  readonly departments: readonly KeptDepartment[];
  /** Milliseconds since 1970: what was recorded later waits for the next time. */
  readonly until: number;
  /** Only what had happened by then, in milliseconds since 1970: everything when absent. The same for the life of a history. */
  readonly occurredUntil?: number;
  /** This process has shown before that its code folds as the one did that began the history. */
  readonly isProven?: boolean;
  /** Records after which what was folded becomes part of the history. */
  readonly segment?: number;
  onProgress?(records: number): void;
  readonly signal?: AbortSignal;
}

export interface HistoryBuilt {
  readonly records: number;
  readonly versions: number;
  readonly manifest: HistoryManifest;
}

const SEGMENT = 250_000;
const FLUSH_EVERY = 20_000;
const STATE_FILE = 'state.sqlite';
const PROGRESS = 'progress';
const nothing: Reached = { at: 0, partitions: [] };

/** What the state knows of itself, in the same transaction as the rest. */
interface Noted {
  readonly progress: HistoryProgress;
  /** Changes of the manifest that are in the state, and the last of them, in case that the manifest lacks it. */
  readonly changes: number;
  readonly change: HistoryChange;
}

/**
 * Folds what the log has beyond the row history with the departments' own code, and keeps every version of every row. Files come first,
 * then the state, then the line of the manifest: whoever is killed in between leaves a history that is whole, and the next one goes on from
 * there, each version once. Throws `LakeFault` when another process writes it.
 */
export async function buildRowHistory(parts: HistoryParts): Promise<HistoryBuilt> {
  mkdirSync(parts.folder, { recursive: true });
  const claim = await claimLake(parts.folder);
  try {
    const build = await HistoryBuild.open({ ...parts, log: withTopicsToCome(parts.log) });
    try {
      return await build.run();
    } finally {
      await build.close();
    }
  } catch (error) {
    throw asLakeFault(error, parts.folder);
  } finally {
    claim.release();
  }
}

/** A topic that nobody has made yet is empty. */
export function withTopicsToCome(log: LogReader): LogReader {
  return {
    read: (target, from, to) => log.read(target, from, to),
    bounds: async (topic) => {
      try {
        return await log.bounds(topic);
      } catch (error) {
        if (error instanceof UnknownTopic) return [];
        throw error;
      }
    },
  };
}

class HistoryBuild {
  readonly #parts: HistoryParts;
  readonly #manifest: HistoryManifest;
  readonly #sound: SoundFiles;
  readonly #chain: ChainWriter<HistoryChange>;
  readonly #state: StateFile;
  readonly #database: DuckDBInstance;
  readonly #connection: DuckDBConnection;
  readonly #stages = new Map<string, VersionStage>();
  readonly #order: OrderStage;
  readonly #digest = new FoldDigest();
  readonly #sequences = new Map<string, Sequence>();
  readonly #offsets = new Map<string, number>();
  #at = 0;
  #records = 0;
  #versions = 0;

  private constructor(
    parts: HistoryParts,
    manifest: HistoryManifest,
    chain: ChainWriter<HistoryChange>,
    state: StateFile,
    database: DuckDBInstance,
    connection: DuckDBConnection,
  ) {
    this.#parts = parts;
    this.#manifest = manifest;
    this.#sound = new SoundFiles(parts.folder);
    this.#chain = chain;
    this.#state = state;
    this.#database = database;
    this.#connection = connection;
    this.#order = new OrderStage(connection);
  }

  static async open(parts: HistoryParts): Promise<HistoryBuild> {
    const { folder } = parts;
    const chain = readChain<HistoryChange>(historyManifestPath(folder), HISTORY_REMEDY);
    const manifest = new HistoryManifest();
    for (const change of chain.values) manifest.apply(change);
    const writer = new ChainWriter(historyManifestPath(folder), chain);
    const state = new StateFile(join(folder, STATE_FILE));
    const database = await openWriterDatabase(folder);
    const build = new HistoryBuild(parts, manifest, writer, state, database, await openStageConnection(database));
    await build.#order.open();
    for (const { tables } of parts.departments) {
      for (const table of tables) {
        const stage = new VersionStage(build.#connection, table);
        build.#stages.set(nameOf(table.department, table.table), stage);
        await stage.open();
      }
    }
    return build;
  }

  async run(): Promise<HistoryBuilt> {
    await this.#recover();
    const { departments, log, until, signal, onProgress, segment = SEGMENT } = this.#parts;
    const before = { records: this.#records, versions: this.#versions };
    const reached = this.#reached();
    const folds = await this.#folds(reached);
    const reading = { log, topics: topicsOf(departments), from: reached, until };
    for await (const known of inOrderOfKnowledge(reading)) {
      for (const each of known) await this.#take(folds, each);
      onProgress?.(known.length);
      // More of the same moment may follow: that moment is not known whole yet.
      if (this.#order.rows >= segment) await this.#commit(this.#at - 1);
      if (signal?.aborted) break;
    }
    // Without being stopped, nothing of what was recorded by then is missing; what comes late counts from the moment behind it.
    const known = this.#manifest.progress?.upTo ?? 0;
    const last = this.#order.rows > 0 ? this.#at : 0;
    const upTo = Math.max(known, signal?.aborted ? last - 1 : Math.max(until, last));
    if (this.#order.rows > 0 || upTo > known) await this.#commit(upTo);
    this.#tidy();
    return { records: this.#records - before.records, versions: this.#versions - before.versions, manifest: this.#manifest };
  }

  async close(): Promise<void> {
    this.#order.close();
    for (const stage of this.#stages.values()) stage.close();
    this.#connection.closeSync();
    this.#database.closeSync();
    this.#state.close();
    this.#chain.close();
    await Promise.resolve();
  }

  #folds(folded: Reached): Promise<HistoryFolds> {
    const { departments, log, occurredUntil } = this.#parts;
    return HistoryFolds.open({
      ...{ departments, log, state: this.#state, folded },
      withGaps: occurredUntil !== undefined,
    });
  }

  async #take(folds: HistoryFolds, known: KnownRecord): Promise<void> {
    this.#order.add(this.#records, known);
    const made = await this.#fold(folds, known);
    this.#digest.add(made);
    for (const { department, version } of made) {
      const stage = this.#stages.get(nameOf(department, version.table));
      if (!stage) throw new Error(`${department} folds into a table "${version.table}" that is not kept`);
      stage.add(this.#versions, this.#records, known, version);
      this.#versions += 1;
    }
    this.#records += 1;
    if (this.#records % FLUSH_EVERY === 0) this.#state.flush();
  }

  /** Moves on behind the record, and folds it unless it was there before or is left out. */
  async #fold(folds: HistoryFolds, { record, event, at }: KnownRecord) {
    const place = `${record.topic}/${record.partition}`;
    this.#offsets.set(place, record.offset + 1);
    this.#at = at;
    if (record.sequence !== undefined) {
      const where = placeInSequence(record.sequence, this.#sequences.get(place) ?? { epoch: 0, n: 0 });
      if (where === 'gap')
        throw new LakeFault(
          'lake/log-gap',
          `${place} offset ${record.offset} carries number ${record.sequence.n}, and numbers before it are missing.`,
        );
      if (where === 'repeated') return [];
      this.#sequences.set(place, record.sequence);
    }
    const { occurredUntil } = this.#parts;
    if (event !== undefined && occurredUntil !== undefined && Date.parse(event.time) > occurredUntil) return [];
    return folds.fold(record, event);
  }

  async #commit(upTo: number): Promise<void> {
    const added: HistoryFile[] = [];
    const retired: string[] = [];
    const write = async (stage: VersionStage | OrderStage, files: readonly HistoryFile[]): Promise<void> => {
      const written = await stage.write(this.#sound, files);
      if (written === undefined) return;
      added.push(written.added);
      retired.push(...written.retired);
    };
    await write(this.#order, this.#manifest.filesOf({ department: '', table: '' }));
    const tables = this.#tables();
    for (const table of tables) {
      const stage = this.#stages.get(nameOf(table.department, table.table));
      if (stage) await write(stage, this.#manifest.filesOf(table));
    }
    await this.#order.clear();
    const first = this.#manifest.changes === 0;
    const change: HistoryChange = { added, retired, progress: this.#progress(upTo), ...(first && { tables, proof: this.#digest.proof() }) };
    this.#state.set(PROGRESS, { progress: change.progress, changes: this.#manifest.changes + 1, change } satisfies Noted);
    this.#state.commit();
    this.#add(change);
    for (const file of added) this.#sound.note(file);
    for (const path of retired) this.#sound.forget(path);
    this.#sound.save();
  }

  #add(change: HistoryChange): void {
    this.#manifest.apply(change);
    this.#chain.add(change);
  }

  /** Brings files, state and manifest to the same point, wherever the last one ended. */
  async #recover(): Promise<void> {
    if (this.#manifest.changes > 0 && JSON.stringify(this.#manifest.tables) !== JSON.stringify(this.#tables()))
      throw new LakeFault('lake/history-stale', `This release has other tables than the row history: ${HISTORY_REMEDY}.`);
    const noted = this.#state.note<Noted>(PROGRESS);
    if (noted?.changes === this.#manifest.changes + 1) this.#add(noted.change);
    this.#removeLeftovers();
    if (this.#parts.isProven !== true && this.#manifest.proof) await this.#assertSameFold(this.#manifest.proof);
    if ((this.#state.note<Noted>(PROGRESS)?.changes ?? 0) !== this.#manifest.changes) await this.#foldAgain();
    this.#resume(this.#manifest.progress);
  }

  /** The first records once more, in the order in which they were folded, beside everything: another release may make something else of them. */
  async #assertSameFold({ records, sha256 }: FoldProof): Promise<void> {
    const { departments, log, occurredUntil } = this.#parts;
    const state = new StateFile(':memory:');
    try {
      const begin: Reached = { at: 0, partitions: [] };
      const folds = await HistoryFolds.open({ departments, log, state, folded: begin, withGaps: occurredUntil !== undefined });
      const digest = new FoldDigest();
      for (const record of await firstRecords(log, this.#connection, this.#sound, this.#manifest, records))
        digest.add(await this.#fold(folds, { record, event: eventOf(record), at: 0 }));
      if (digest.proof().sha256 === sha256) return;
    } finally {
      state.close();
      // None of it was read yet, as far as the history itself goes.
      this.#resume(undefined);
    }
    throw new LakeFault(
      'lake/history-stale',
      `This release makes other rows of the first ${records} records than the one that began the row history: ${HISTORY_REMEDY}.`,
    );
  }

  /** The state is gone or another one: it is folded again up to where the history stands. */
  async #foldAgain(): Promise<void> {
    const { progress, changes } = this.#manifest;
    this.#state.clear();
    if (progress === undefined) return;
    const cut = new Map(progress.partitions.map(({ topic, partition, nextOffset }) => [`${topic}/${partition}`, nextOffset]));
    const log = cutAt(this.#parts.log, cut);
    const folds = await this.#folds(nothing);
    const reading = { log, topics: topicsOf(this.#parts.departments), from: nothing, until: Number.POSITIVE_INFINITY };
    for await (const known of inOrderOfKnowledge(reading)) {
      for (const each of known) await this.#fold(folds, each);
      this.#state.flush();
    }
    this.#state.set(PROGRESS, { progress, changes, change: { added: [], retired: [], progress } } satisfies Noted);
    this.#state.commit();
  }

  #resume(progress: HistoryProgress | undefined): void {
    this.#sequences.clear();
    this.#offsets.clear();
    if (progress === undefined) {
      this.#at = 0;
      return;
    }
    this.#at = progress.at;
    this.#records = progress.records;
    this.#versions = progress.versions;
    for (const { topic, partition, nextOffset, sequence } of progress.partitions) {
      this.#offsets.set(`${topic}/${partition}`, nextOffset);
      if (sequence.n > 0) this.#sequences.set(`${topic}/${partition}`, sequence);
    }
  }

  /** What comes late counts from the moment behind the last one that can be asked for: an answer that was given once stays as it was. */
  #reached(): Reached {
    return { at: (this.#manifest.progress?.upTo ?? -1) + 1, partitions: this.#partitions() };
  }

  #partitions(): HistoryProgress['partitions'] {
    return [...this.#offsets].map(([name, nextOffset]) => {
      const cut = name.lastIndexOf('/');
      const sequence = this.#sequences.get(name) ?? { epoch: 0, n: 0 };
      return {
        topic: name.slice(0, cut),
        partition: Number(name.slice(cut + 1)),
        nextOffset,
        sequence: { epoch: sequence.epoch, n: sequence.n },
      };
    });
  }

  #progress(upTo: number): HistoryProgress {
    return { at: this.#at, upTo, records: this.#records, versions: this.#versions, partitions: this.#partitions() };
  }

  #tables() {
    return this.#parts.departments.flatMap(({ tables }) => tables);
  }

  /** What a killed one left: files that the manifest does not name. */
  #removeLeftovers(): void {
    const named = new Set(this.#manifest.files().map(({ path }) => path));
    for (const path of historyFilesOnDisk(this.#parts.folder)) {
      if (!named.has(path) && !this.#manifest.retired.has(path)) rmSync(join(this.#parts.folder, path), { force: true });
    }
  }

  #tidy(): void {
    // This process reads the events of the lake, and no version of a row.
    if (isBeingRead(this.#parts.lake, process.pid)) return;
    for (const path of this.#manifest.retired) rmSync(join(this.#parts.folder, path), { force: true });
  }
}

function nameOf(department: string, table: string): string {
  return `${department}/${table}`;
}
