import { closeSync, existsSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** How long a log file is now, in bytes; 0 when it does not exist. */
export function logLength(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

/** What was written to a log file after its first `from` bytes; of much text the last 64 KiB. */
export function logSince(path: string, from: number): string {
  if (!existsSync(path)) return '';
  const file = openSync(path, 'r');
  try {
    const size = fstatSync(file).size;
    const start = Math.max(from, size - 65_536);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    readSync(file, bytes, 0, bytes.length, start);
    return bytes.toString('utf8');
  } finally {
    closeSync(file);
  }
}
