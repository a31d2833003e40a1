import { createHash } from 'node:crypto';
import { closeSync, createReadStream, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
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
  const hash = createHash('sha256');
  for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece as Buffer);
  return hash.digest('hex');
}
