import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { replaceFile } from '@instep/lake/log';
import { claimPidFile, holderOf } from '@instep/local-process';

import { asReplayFault, ReplayFault } from '../fault.ts';
import type { Checkpoint, Job, JobState, Progress } from './job.ts';

/** Beside the files of the lake; the lake passes over it. */
const FOLDER = '.replay';

const begin: Checkpoint = { range: 0, offset: -1, read: 0, events: 0, mark: {} };

export interface StoredJob {
  readonly job: Job;
  readonly progress: Progress;
  /** Whether a process works on it now. */
  readonly working: boolean;
}

/** The replays of a lake, each in a folder of its own. */
export class JobStore {
  readonly #folder: string;

  constructor(lake: string) {
    this.#folder = join(lake, FOLDER);
  }

  folderOf(id: string): string {
    return join(this.#folder, id);
  }

  /** Keeps a planned replay. */
  add(job: Job): void {
    mkdirSync(this.folderOf(job.id), { recursive: true });
    this.note(job.id, 'planned', begin);
    // Last: a folder without it is no replay.
    this.#put(job.id, 'job.json', `${JSON.stringify(job, undefined, 2)}\n`);
  }

  all(): readonly StoredJob[] {
    if (!existsSync(this.#folder)) return [];
    return readdirSync(this.#folder)
      .filter((id) => existsSync(this.#file(id, 'job.json')))
      .sort()
      .map((id) => this.get(id));
  }

  /** Throws `ReplayFault` when there is none. */
  get(id: string): StoredJob {
    if (!/^[a-z0-9-]+$/.test(id) || !existsSync(this.#file(id, 'job.json')))
      throw new ReplayFault('replay/unknown-job', `There is no replay "${id}" in this lake: npm run replay -- list names them.`);
    const job = JSON.parse(readFileSync(this.#file(id, 'job.json'), 'utf8')) as Job;
    const progress = JSON.parse(readFileSync(this.#file(id, 'progress.json'), 'utf8')) as Progress;
    return { job, progress, working: holderOf(this.#file(id, 'pid')) !== undefined };
  }

  /** Throws `ReplayFault` when the disk is full: what was noted before stays. */
  note(id: string, state: JobState, checkpoint: Checkpoint, reason?: string): void {
    this.#put(id, 'progress.json', JSON.stringify(progressOf(state, checkpoint, reason)));
  }

  /** One process works on a replay. Throws when another does. */
  async claim(id: string): Promise<{ release(): void }> {
    return await claimPidFile(this.#file(id, 'pid'), `The replay ${id}`);
  }

  /** Asks the process that works on it to stop at its next step. */
  ask(id: string, what: 'pause' | 'cancel'): void {
    writeFileSync(this.#file(id, 'asked'), what);
  }

  asked(id: string): 'pause' | 'cancel' | undefined {
    const file = this.#file(id, 'asked');
    if (!existsSync(file)) return undefined;
    return readFileSync(file, 'utf8') === 'cancel' ? 'cancel' : 'pause';
  }

  heard(id: string): void {
    rmSync(this.#file(id, 'asked'), { force: true });
  }

  remove(id: string): void {
    rmSync(this.folderOf(id), { recursive: true, force: true });
  }

  #put(id: string, name: string, text: string): void {
    try {
      replaceFile(this.#file(id, name), text);
    } catch (error) {
      throw asReplayFault(error, this.folderOf(id));
    }
  }

  #file(id: string, name: string): string {
    return join(this.folderOf(id), name);
  }
}

function progressOf(state: JobState, checkpoint: Checkpoint, reason?: string): Progress {
  return { state, checkpoint, at: new Date().toISOString(), ...(reason !== undefined && { reason }) };
}
