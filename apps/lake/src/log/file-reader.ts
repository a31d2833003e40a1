import { rmSync } from 'node:fs';
import { join } from 'node:path';

import { DuckDBInstance, type DuckDBConnection } from '@duckdb/node-api';
import type { LogRecord } from '@instep/event-log';

import { LakeFault } from '../fault.ts';
import type { LakeFile } from '../manifest/lake-file.ts';
import { assertFilesSound } from '../query/assert-files.ts';
import { SoundFiles } from '../sound/sound-files.ts';
import { partsInPlace, type Part } from './parts.ts';
import { readPart, stepEnd } from './read-part.ts';
import { makeScratch } from './scratch.ts';
import { TakenApart } from './taken-apart.ts';
import { Turns } from './turns.ts';

/** So few records of a sorted file are looked for where they lie. */
const few = 500;
/** What a reader holds: that which it gives out, and the next. */
const stepsOfReader = 2;

interface Step {
  /** Offset behind its last record. */
  readonly end: number;
  readonly records: () => Generator<readonly LogRecord[]>;
}

/** Gives the records of single files, in the order of their offsets. */
export class FileReader {
  readonly #folder: string;
  readonly #instance: DuckDBInstance;
  readonly #scratch: string;
  readonly #apart: TakenApart;
  /** Bytes of values that all readers together hold, about. */
  readonly #heldBytes: number;
  #readers = 0;
  /** DuckDB's memory is for one piece of work at a time. */
  readonly #turns = new Turns();
  readonly #sound: SoundFiles;
  /** Files that are being compared with their checksums. */
  readonly #checks = new Map<string, Promise<void>>();

  private constructor(folder: string, instance: DuckDBInstance, scratch: string, heldBytes: number) {
    this.#folder = folder;
    this.#instance = instance;
    this.#scratch = scratch;
    this.#heldBytes = heldBytes;
    this.#apart = new TakenApart(scratch);
    this.#sound = new SoundFiles(folder);
  }

  static async open(folder: string, limits: { readonly memoryMb: number; readonly threads: number }): Promise<FileReader> {
    // Not in the lake: whoever reads need not be allowed to write there.
    const scratch = makeScratch();
    const instance = await DuckDBInstance.create(':memory:', {
      threads: String(limits.threads),
      memory_limit: `${limits.memoryMb}MB`,
      temp_directory: scratch,
      // Records are put in their places here, so DuckDB need not keep an order.
      preserve_insertion_order: 'false',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    });
    return new FileReader(folder, instance, scratch, limits.memoryMb * 1_000_000);
  }

  /** Records `from` up to but not including `to`, all of this file. */
  async *records(file: LakeFile, from: number, to: number): AsyncGenerator<readonly LogRecord[]> {
    await this.#assertSound(file);
    const path = join(this.#folder, file.path);
    const range = { from, to };
    const inPlace = file.kind !== 'sorted' || (to - from <= few && !this.#apart.has(file, range));
    const copy = inPlace ? undefined : await this.#withConnection(file, (connection) => this.#apart.take(file, range, path, connection));
    const parts = copy?.parts ?? partsInPlace(file, path);
    this.#readers += 1;
    let next = this.#read(file, parts, from, to);
    try {
      for (let at = from; at < to;) {
        const { end, records } = await next;
        // Read while the caller works on what it has. A failure is told at its turn.
        next = this.#read(file, parts, end, to);
        next.catch(() => undefined);
        yield* records();
        at = end;
      }
    } finally {
      this.#readers -= 1;
      await next.catch(() => undefined);
      copy?.giveBack();
    }
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#checks.values());
    this.#sound.save();
    await this.#turns.over();
    this.#instance.closeSync();
    rmSync(this.#scratch, { recursive: true, force: true });
  }

  /** Records from `at` on: not more than a part of the file has, and than all who read now can hold beside each other. */
  async #read(file: LakeFile, parts: readonly Part[], at: number, to: number): Promise<Step> {
    const part = parts.find(({ first, end }) => first <= at && at < end);
    if (!part || at >= to) return { end: to, records: function* () {} };
    const end = Math.min(part.end, to, stepEnd(file, at, this.#heldBytes / (stepsOfReader * this.#readers)));
    const records = await this.#withConnection(file, (connection) => readPart(connection, file, { ...part, first: at, end }));
    return { end, records };
  }

  /** One connection per query: a shared one is not safe. */
  #withConnection<Result>(file: LakeFile, work: (connection: DuckDBConnection) => Promise<Result>): Promise<Result> {
    return this.#turns.take(async () => {
      const connection = await this.#instance.connect();
      try {
        await connection.run("SET TimeZone = 'UTC'");
        return await work(connection);
      } catch (error) {
        if (!/Binder Error/.test(error instanceof Error ? error.message : '')) throw error;
        throw new LakeFault(
          'lake/older-file',
          `${join(this.#folder, file.path)} was written by an older release, which did not keep whole records: export into a new folder (npm run lake -- export --lake <folder>).`,
          error,
        );
      } finally {
        connection.closeSync();
      }
    });
  }

  /** Also of a file that was read before: it may be another one by now. */
  async #assertSound(file: LakeFile): Promise<void> {
    const check = this.#checks.get(file.path) ?? assertFilesSound(this.#sound, [file]);
    this.#checks.set(file.path, check);
    try {
      await check;
    } finally {
      this.#checks.delete(file.path);
    }
  }
}
