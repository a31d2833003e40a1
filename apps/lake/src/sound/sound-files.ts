import { statSync, type BigIntStats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { join } from 'node:path';

import { sha256In } from '../manifest/durable.ts';
import { changeNotes, readNotes, type Changed, type Notes } from './notes-file.ts';

/** What a manifest says of a file. */
export interface NamedFile {
  /** Relative to the folder, with slashes. */
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

export interface Unsound {
  readonly path: string;
  /** As in "<path> <what>". */
  readonly what: string;
}

/** A clock of a file system steps in so many milliseconds at most: a file that was changed twice within one has one time for both. */
const STEP_MS = 50;
/** Whoever waits for longer is told why. */
const LONG_MS = 1_000;
/** How much is read once more when whoever reads is killed. */
const SAVE_MS = 5_000;

/**
 * Which files of a folder are sound: have the bytes that the manifest says. Each is read to its end once, and again when it is not the same
 * file any more: another inode, length, or time of its last change, which no program sets as it likes. What was found sound is noted in
 * the folder for whoever reads next; where this user may not write, each process finds out for itself.
 *
 * A disk that loses a bit by itself changes no time. `inspect` reads every byte whatever is noted.
 */
export class SoundFiles {
  readonly folder: string;
  #known: Map<string, string> | undefined;
  /** Since the last `save`; undefined for what is sound no more. */
  readonly #changes = new Map<string, string | undefined>();
  #saved = performance.now();

  constructor(folder: string) {
    this.folder = folder;
  }

  /**
   * The first of these files that is missing or not as its manifest says; undefined when all are sound. Reads those that are not known to be.
   * `onLong`: called once when that takes its time, with the number of files to read and their bytes.
   */
  async firstUnsound(files: readonly NamedFile[], onLong?: (files: number, bytes: number) => void): Promise<Unsound | undefined> {
    const known = (this.#known ??= this.#changed(readNotes(this.folder)));
    const unknown: NamedFile[] = [];
    for (const file of files) {
      const found = statSync(join(this.folder, file.path), { bigint: true, throwIfNoEntry: false });
      if (found === undefined) return { path: file.path, what: MISSING };
      if (Number(found.size) !== file.bytes) return { path: file.path, what: otherLength(file, found) };
      if (known.get(file.path) !== noteOf(file, found)) unknown.push(file);
    }
    if (unknown.length === 0) return undefined;
    const bytes = unknown.reduce((sum, file) => sum + file.bytes, 0);
    const waiting = setTimeout(() => onLong?.(unknown.length, bytes), LONG_MS);
    try {
      for (const file of unknown) {
        const what = await this.inspect(file);
        if (what !== undefined) return { path: file.path, what };
        if (performance.now() - this.#saved > SAVE_MS) this.save();
      }
      return undefined;
    } finally {
      clearTimeout(waiting);
    }
  }

  /** Reads every byte of a file, and knows then. What is wrong with it, as in "<path> <what>"; undefined when it is sound. */
  async inspect(file: NamedFile): Promise<string | undefined> {
    this.forget(file.path);
    let handle: FileHandle;
    try {
      handle = await open(join(this.folder, file.path));
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return MISSING;
      throw error;
    }
    try {
      const begun = Date.now();
      const before = await handle.stat({ bigint: true });
      if (Number(before.size) !== file.bytes) return otherLength(file, before);
      if ((await sha256In(handle)) !== file.sha256) return 'is damaged, its bytes are not those that were written';
      const after = await handle.stat({ bigint: true });
      const isSettled = begun - Number(before.ctimeMs) > STEP_MS && noteOf(file, before) === noteOf(file, after);
      if (isSettled) this.#set(file.path, noteOf(file, before));
      return undefined;
    } catch (error) {
      return `is damaged, it cannot be read (${codeOf(error)})`;
    } finally {
      await handle.close();
    }
  }

  /** Knows a file that this process has just written and whose checksum it took of what it wrote. */
  note(file: NamedFile): void {
    const found = statSync(join(this.folder, file.path), { bigint: true, throwIfNoEntry: false });
    if (found && Number(found.size) === file.bytes) this.#set(file.path, noteOf(file, found));
  }

  forget(path: string): void {
    this.#set(path, undefined);
  }

  /** Notes in the folder what was found out, for others. Nothing is lost by who does not: files are then read once more. */
  save(): Changed {
    this.#saved = performance.now();
    if (this.#changes.size === 0) return 'changed';
    const done = changeNotes(this.folder, (noted) => this.#changed(noted));
    if (done === 'changed') this.#changes.clear();
    return done;
  }

  #changed(noted: Notes): Map<string, string> {
    const notes = new Map(noted);
    for (const [path, note] of this.#changes) {
      if (note === undefined) notes.delete(path);
      else notes.set(path, note);
    }
    return notes;
  }

  #set(path: string, note: string | undefined): void {
    this.#changes.set(path, note);
    if (note === undefined) this.#known?.delete(path);
    else this.#known?.set(path, note);
  }
}

const MISSING = 'is missing';

function otherLength({ bytes }: NamedFile, { size }: BigIntStats): string {
  return `is damaged, it has ${String(size)} bytes instead of ${String(bytes)}`;
}

function noteOf({ sha256 }: NamedFile, { ino, size, ctimeNs }: BigIntStats): string {
  return `${String(ino)} ${String(size)} ${String(ctimeNs)} ${sha256}`;
}

function codeOf(error: unknown): string {
  return String((error as { readonly code?: unknown }).code ?? error);
}
