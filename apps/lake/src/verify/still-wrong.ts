import { setTimeout as pause } from 'node:timers/promises';

import { isBeingWritten } from '../export/writer-claim.ts';
import type { Finding } from './finding.ts';

const everyMs = 100;
const mostLooks = 50;

/**
 * What `look` finds wrong in a folder, and finds again as long as whoever writes there may still put it right: a file is written first, its line
 * in the manifest after it, and its row in a database last.
 */
export async function stillWrong(
  folder: string,
  look: () => readonly Finding[] | Promise<readonly Finding[]>,
): Promise<readonly Finding[]> {
  let found = await look();
  for (let looks = 1; found.length > 0 && looks < mostLooks && isBeingWritten(folder); looks += 1) {
    await pause(everyMs);
    const again = new Set((await look()).map(({ sentence }) => sentence));
    found = found.filter(({ sentence }) => again.has(sentence));
  }
  return found;
}
