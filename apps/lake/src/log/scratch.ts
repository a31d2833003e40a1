import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

/** Of this machine: the numbers of processes mean nothing elsewhere, and a folder may be shared. */
const PREFIX = `lake-log-${hostname()}-`;

/** A folder for what this process needs while it reads. Those of processes that were killed go. */
export function makeScratch(): string {
  for (const name of readdirSync(tmpdir())) {
    if (!name.startsWith(PREFIX)) continue;
    const pid = Number(name.slice(PREFIX.length).split('-')[0]);
    if (Number.isInteger(pid) && pid > 0 && !isRunning(pid)) remove(join(tmpdir(), name));
  }
  return mkdtempSync(join(tmpdir(), `${PREFIX}${process.pid}-`));
}

/** What another user left stays for that user. */
function remove(folder: string): void {
  try {
    rmSync(folder, { recursive: true, force: true });
  } catch (error) {
    if (!['EACCES', 'EPERM'].includes(String((error as { readonly code?: unknown }).code))) throw error;
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // Somebody else's process is there, and may not be asked.
    return (error as { readonly code?: unknown }).code !== 'ESRCH';
  }
}
