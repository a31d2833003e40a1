import { join } from 'node:path';

import { SoundFiles } from '../sound/sound-files.ts';
import { ChainWriter, readChain } from './chain-file.ts';
import { Manifest, type Change } from './manifest.ts';

const FILE = 'manifest.ndjson';
const REMEDY = 'restore it from a copy, or export into a new folder';

export function manifestPath(folder: string): string {
  return join(folder, FILE);
}

/** The manifest as it is now. A last line that is still being written, or was cut off by a crash, does not count. */
export function readManifest(folder: string): Manifest {
  return folded(readChain<Change>(manifestPath(folder), REMEDY).values);
}

/** The manifest of the one process that writes the lake. Cuts off what a crash left of a line. */
export class ManifestWriter {
  readonly manifest: Manifest;
  /** Knows the files that were added. */
  readonly sound: SoundFiles;
  readonly #chain: ChainWriter<Change>;

  private constructor(manifest: Manifest, sound: SoundFiles, chain: ChainWriter<Change>) {
    this.manifest = manifest;
    this.sound = sound;
    this.#chain = chain;
  }

  static open(folder: string): ManifestWriter {
    const chain = readChain<Change>(manifestPath(folder), REMEDY);
    return new ManifestWriter(folded(chain.values), new SoundFiles(folder), new ChainWriter(manifestPath(folder), chain));
  }

  /**
   * Part of the lake once this returns: the line is on the disk. The files it names must be there already, and their checksums be those of the
   * bytes that this process wrote.
   */
  commit(change: Change): void {
    this.manifest.apply(change);
    this.#chain.add(change);
    for (const file of change.added) this.sound.note(file);
    for (const path of change.retired) this.sound.forget(path);
  }

  close(): void {
    this.#chain.close();
    this.sound.save();
  }
}

function folded(changes: readonly Change[]): Manifest {
  const manifest = new Manifest();
  for (const change of changes) manifest.apply(change);
  return manifest;
}
