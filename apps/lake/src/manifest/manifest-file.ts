import { createHash } from 'node:crypto';
import { closeSync, existsSync, fsyncSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { LakeFault } from '../fault.ts';
import { syncFolder } from './durable.ts';
import { Manifest, type Change } from './manifest.ts';

const FILE = 'manifest.ndjson';

interface Line extends Change {
  /** Hash of the line before this one: a line that was altered or lost shows. */
  readonly after: string;
}

export function manifestPath(folder: string): string {
  return join(folder, FILE);
}

/** The manifest as it is now. A last line that is still being written, or was cut off by a crash, does not count. */
export function readManifest(folder: string): Manifest {
  return read(folder).manifest;
}

/** The manifest of the one process that writes the lake. Cuts off what a crash left of a line. */
export class ManifestWriter {
  readonly manifest: Manifest;
  readonly #descriptor: number;
  #after: string;

  private constructor(manifest: Manifest, descriptor: number, after: string) {
    this.manifest = manifest;
    this.#descriptor = descriptor;
    this.#after = after;
  }

  static open(folder: string): ManifestWriter {
    mkdirSync(folder, { recursive: true });
    const { manifest, bytes, after } = read(folder);
    const descriptor = openSync(manifestPath(folder), 'a');
    ftruncateSync(descriptor, bytes);
    fsyncSync(descriptor);
    syncFolder(folder);
    return new ManifestWriter(manifest, descriptor, after);
  }

  /** Part of the lake once this returns: the line is on the disk. The files it names must be there already. */
  commit(change: Change): void {
    const line = `${JSON.stringify({ after: this.#after, ...change } satisfies Line)}\n`;
    this.manifest.apply(change);
    writeFileSync(this.#descriptor, line);
    fsyncSync(this.#descriptor);
    this.#after = hashOf(line);
  }

  close(): void {
    closeSync(this.#descriptor);
  }
}

function read(folder: string): { manifest: Manifest; bytes: number; after: string } {
  const manifest = new Manifest();
  let bytes = 0;
  let after = '';
  const path = manifestPath(folder);
  if (!existsSync(path)) return { manifest, bytes, after };
  const text = readFileSync(path, 'utf8');
  let number = 0;
  for (let at = 0; ;) {
    const end = text.indexOf('\n', at) + 1;
    if (end === 0) return { manifest, bytes, after };
    const line = text.slice(at, end);
    number += 1;
    const change = parsed(line);
    if (change?.after !== after) {
      throw new LakeFault(
        'lake/manifest-damaged',
        `Line ${number} of ${path} was altered or a line before it is missing: restore it from a copy, or export into a new folder.`,
      );
    }
    manifest.apply(change);
    after = hashOf(line);
    bytes += Buffer.byteLength(line);
    at = end;
  }
}

function parsed(line: string): Line | undefined {
  try {
    return JSON.parse(line) as Line;
  } catch {
    return undefined;
  }
}

function hashOf(line: string): string {
  return createHash('sha256').update(line).digest('hex').slice(0, 32);
}
