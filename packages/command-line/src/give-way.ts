import { readdirSync } from 'node:fs';
import { setPriority } from 'node:os';

/** Where Linux lists the threads of this process. Each has a priority of its own, and takes over that of the thread that starts it. */
const threads = '/proc/self/task';

/**
 * Lets whatever else runs on the machine come first: for work that may take its time. `priority` is one of `os.constants.priority`. On Linux
 * the threads that collect garbage and wait for disks run already when the first line of a program does; so each is told.
 */
export function giveWay(priority: number): void {
  setPriority(priority);
  for (const thread of namesIn(threads)) {
    try {
      setPriority(Number(thread), priority);
    } catch (error) {
      // It has ended meanwhile.
      if ((error as { readonly info?: { readonly code?: unknown } }).info?.code !== 'ESRCH') throw error;
    }
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
