import { setTimeout as pause } from 'node:timers/promises';

import { isBeingWritten } from '../export/writer-claim.ts';
import type { Finding } from './finding.ts';

const everyMs = 100;
const mostLooks = 50;

/**
 * What `look` finds too many in a folder, and finds again as long as whoever writes there may still name it: a file is written first, and its
 * line in the manifest after it.
 */
export async function stillExtra(folder: string, look: () => readonly Finding[]): Promise<readonly Finding[]> {
  let found = look();
  for (let looks = 1; found.length > 0 && looks < mostLooks && isBeingWritten(folder); looks += 1) {
    await pause(everyMs);
    const again = new Set(look().map(({ sentence }) => sentence));
    found = found.filter(({ sentence }) => again.has(sentence));
  }
  return found;
}
