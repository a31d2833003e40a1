import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { claimPidFile, PlatformFault, type PidFile } from '@instep/local-process';

import { LakeFault } from '../fault.ts';

/** One process writes a lake. Of a process that was killed the claim is taken over. */
export async function claimLake(folder: string): Promise<PidFile> {
  mkdirSync(folder, { recursive: true });
  try {
    return await claimPidFile(join(folder, '.writer.pid'), `What writes ${folder} (npm start does, unless it is told --no-lake)`);
  } catch (error) {
    if (error instanceof PlatformFault) throw new LakeFault('lake/already-exporting', error.message, error);
    throw error;
  }
}
