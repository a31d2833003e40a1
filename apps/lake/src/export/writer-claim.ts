import { mkdirSync } from 'node:fs';
import { join } from 'node:path';

import { claimPidFile, holderOf, PlatformFault, type PidFile } from '@instep/local-process';

import { LakeFault } from '../fault.ts';

/** One process writes a folder. Of a process that was killed the claim is taken over. `what`: what works there, for whoever finds it taken. */
export async function claimLake(folder: string, what = `What writes ${folder}`): Promise<PidFile> {
  mkdirSync(folder, { recursive: true });
  try {
    return await claimPidFile(claimOf(folder), what);
  } catch (error) {
    if (error instanceof PlatformFault) throw new LakeFault('lake/already-exporting', error.message, error);
    throw error;
  }
}

/** Whether a process writes this folder now. */
export function isBeingWritten(folder: string): boolean {
  return holderOf(claimOf(folder)) !== undefined;
}

function claimOf(folder: string): string {
  return join(folder, '.writer.pid');
}
