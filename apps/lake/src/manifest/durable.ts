import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { open, rename, type FileHandle } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Makes the names in a folder survive a power cut. Windows has no such call and needs none. */
export function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const descriptor = openSync(folder, 'r');
  fsyncSync(descriptor);
  closeSync(descriptor);
}

/** Gives a file that is written to the end its name, whole or not at all. */
export function publish(from: string, to: string): void {
  const descriptor = openSync(from, 'r+');
  fsyncSync(descriptor);
  closeSync(descriptor);
  renameSync(from, to);
  syncFolder(dirname(to));
}

/** The same, and the process goes on with other work while the disk does its own. */
export async function publishMeanwhile(from: string, to: string): Promise<void> {
  await forceToDisk(from, 'r+');
  await rename(from, to);
  if (process.platform !== 'win32') await forceToDisk(dirname(to), 'r');
}

async function forceToDisk(path: string, flags: 'r' | 'r+'): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Puts a text file in the place of an older one; a reader sees one or the other. */
export function replaceFile(path: string, text: string): void {
  writeFileSync(`${path}.tmp`, text);
  publish(`${path}.tmp`, path);
}

export async function sha256Of(path: string): Promise<string> {
  const file = await open(path);
  try {
    return await sha256In(file);
  } finally {
    await file.close();
  }
}

/** So much stays in the cache of a processor while it is hashed. Measured: 1,000 MB for a second of CPU, with a stream 600. */
const PIECE = 1 << 18;

/** Of what an open file has from where it stands. */
export async function sha256In(file: FileHandle): Promise<string> {
  const hash = createHash('sha256');
  const piece = Buffer.allocUnsafeSlow(PIECE);
  for (;;) {
    const { bytesRead } = await file.read(piece, 0, PIECE);
    if (bytesRead === 0) return hash.digest('hex');
    hash.update(piece.subarray(0, bytesRead));
  }
}
