import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = '.readers';
const BEAT_MS = 5_000;
/** A reader that did not say for so long that it is alive is not. */
const SILENT_MS = 60_000;

/** Who reads the lake says so before it asks for the list of files; no file of that list is removed while it reads. */
export function announceReader(folder: string): { release(): void } {
  const path = join(folder, FOLDER, randomUUID());
  try {
    mkdirSync(join(folder, FOLDER), { recursive: true });
    writeFileSync(path, String(process.pid));
  } catch {
    // A lake that this user may not write into: its files are then read without the promise.
    return { release: () => undefined };
  }
  const beat = setInterval(() => {
    try {
      const now = Date.now() / 1000;
      utimesSync(path, now, now);
    } catch {
      clearInterval(beat);
    }
  }, BEAT_MS).unref();
  return {
    release: () => {
      clearInterval(beat);
      rmSync(path, { force: true });
    },
  };
}

/** Whether anybody reads the lake now. `leftOut`: a process that does not count. */
export function isBeingRead(folder: string, leftOut?: number): boolean {
  let names: string[];
  try {
    names = readdirSync(join(folder, FOLDER));
  } catch {
    return false;
  }
  return names.some((name) => {
    const path = join(folder, FOLDER, name);
    const facts = statSync(path, { throwIfNoEntry: false });
    if (facts === undefined) return false;
    if (Date.now() - facts.mtimeMs <= SILENT_MS) return leftOut === undefined || readerIn(path) !== leftOut;
    rmSync(path, { force: true });
    return false;
  });
}

/** Who announced itself; undefined when it is gone meanwhile. */
function readerIn(path: string): number | undefined {
  try {
    return Number(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
