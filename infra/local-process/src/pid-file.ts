import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { PlatformFault } from './fault.ts';
import { identify, isRunning, type ProcessIdentity } from './process-identity.ts';

type Entry = { readonly owner: ProcessIdentity; readonly child?: ProcessIdentity };

export type PidFile = {
  /** Whether an earlier owner ended without releasing it; what it started may still be ending. */
  readonly tookOver: boolean;
  /** Notes the process that works on the folder, so that an orphan of it can be found. */
  record(pid: number): void;
  release(): void;
};

const orphanPatienceMs = 15_000;

/**
 * Claims `path` for this process. An entry whose processes are gone is replaced. A child whose owner died is given
 * 15 s to end by itself (its watcher has told it to) and is then killed. `what` names the claimed thing.
 * Errors: `platform/already-running` when owner and claim are alive.
 */
export async function claimPidFile(path: string, what: string): Promise<PidFile> {
  const deadline = Date.now() + orphanPatienceMs;
  let tookOver = false;
  for (;;) {
    if (create(path)) return held(path, tookOver);
    const entry = read(path);
    tookOver = true;
    if (entry === undefined) {
      discard(path);
    } else if (isRunning(entry.owner)) {
      throw new PlatformFault('platform/already-running', `${what} is already running (process ${entry.owner.pid}): stop that one first.`);
    } else if (entry.child === undefined || !isRunning(entry.child)) {
      discard(path);
    } else {
      if (Date.now() > deadline) process.kill(entry.child.pid, 'SIGKILL');
      await pause(50);
    }
  }
}

/** Runs `work` while holding `path`. Waits as long as another live process holds it; a dead holder is passed over. */
export async function withLock<T>(path: string, work: () => Promise<T>, onWait?: () => void): Promise<T> {
  let told = false;
  while (!create(path)) {
    const entry = read(path);
    if (entry === undefined || !isRunning(entry.owner)) {
      discard(path);
      continue;
    }
    if (!told) onWait?.();
    told = true;
    await pause(200);
  }
  try {
    return await work();
  } finally {
    rmSync(path, { force: true });
  }
}

/** The process that holds `path` now, or undefined. */
export function holderOf(path: string): ProcessIdentity | undefined {
  const entry = read(path);
  return entry !== undefined && isRunning(entry.owner) ? entry.owner : undefined;
}

function held(path: string, tookOver: boolean): PidFile {
  return {
    tookOver,
    record: (pid) => {
      const child = identify(pid);
      if (child !== undefined) replace(path, { owner: self(), child });
    },
    release: () => rmSync(path, { force: true }),
  };
}

function self(): ProcessIdentity {
  return identify(process.pid) ?? { pid: process.pid, started: 'unknown' };
}

function create(path: string): boolean {
  mkdirSync(dirname(path), { recursive: true });
  try {
    writeFileSync(path, JSON.stringify({ owner: self() }), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function replace(path: string, entry: Entry): void {
  const next = `${path}.${process.pid}`;
  writeFileSync(next, JSON.stringify(entry));
  renameSync(next, path);
}

/** Undefined when the file is gone or says nothing, as after a power cut. */
function read(path: string): Entry | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Entry;
  } catch {
    return undefined;
  }
}

/** Moves the file away before removing it: of two processes that found it stale, one does it and the other looks again. */
function discard(path: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
    rmSync(aside, { force: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
