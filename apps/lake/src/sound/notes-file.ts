import { closeSync, openSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Of a hidden name: neither copies by pattern nor tools that read the folder take it for a part of the lake. */
const FILE = '.sound-files';
const HEAD = 'files that were compared with their checksums: path, inode, bytes, change in nanoseconds, sha256';
/** Whoever writes needs milliseconds; what is older was left by one that was killed. */
const LEFT_MS = 10_000;

/** By path: the facts of a file when its bytes were those of the manifest, and their checksum. */
export type Notes = ReadonlyMap<string, string>;

/** Nothing when there are none or they are not to be understood: files are then read once more. */
export function readNotes(folder: string): Notes {
  const notes = new Map<string, string>();
  let text: string;
  try {
    text = readFileSync(join(folder, FILE), 'utf8');
  } catch {
    return notes;
  }
  const [head, ...lines] = text.split('\n');
  if (head !== HEAD) return notes;
  for (const line of lines) {
    const tab = line.indexOf('\t');
    if (tab > 0) notes.set(line.slice(0, tab), line.slice(tab + 1));
  }
  return notes;
}

/** `busy`: another process was just changing it; `impossible`: this user may not, or the disk is full. */
export type Changed = 'changed' | 'busy' | 'impossible';

/** Changes what is noted, all of it or nothing; one process at a time. What is not noted is read once more, so nobody has to care. */
export function changeNotes(folder: string, change: (noted: Notes) => Notes): Changed {
  const temporary = join(folder, `${FILE}.tmp`);
  removeLeft(temporary);
  let descriptor: number;
  try {
    descriptor = openSync(temporary, 'wx');
  } catch (error) {
    return (error as { readonly code?: unknown }).code === 'EEXIST' ? 'busy' : 'impossible';
  }
  try {
    const lines = [...change(readNotes(folder))].map(([path, facts]) => `${path}\t${facts}\n`);
    writeFileSync(descriptor, `${HEAD}\n${lines.join('')}`);
    closeSync(descriptor);
    renameSync(temporary, join(folder, FILE));
    return 'changed';
  } catch {
    rmSync(temporary, { force: true });
    return 'impossible';
  }
}

function removeLeft(temporary: string): void {
  try {
    const facts = statSync(temporary, { throwIfNoEntry: false });
    if (facts && Date.now() - facts.mtimeMs > LEFT_MS) rmSync(temporary, { force: true });
  } catch {
    // Not ours to remove: then nothing is noted.
  }
}
