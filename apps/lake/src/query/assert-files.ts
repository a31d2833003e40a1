import { statSync } from 'node:fs';
import { join } from 'node:path';

import { LakeFault } from '../fault.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** Throws `LakeFault` when a file of the lake is missing or not as long as it was: an answer without it would be silently wrong. */
export function assertFilesThere(folder: string, manifest: Manifest): void {
  for (const { path, bytes } of manifest.files()) {
    const size = statSync(join(folder, path), { throwIfNoEntry: false })?.size;
    if (size === bytes) continue;
    throw new LakeFault(
      'lake/file-damaged',
      size === undefined
        ? `${path} is missing in ${folder}: restore it from a copy, or export into a new folder. npm run lake -- verify names all that is wrong.`
        : `${path} in ${folder} is damaged, it has ${size} bytes instead of ${bytes}: restore it from a copy, or export into a new folder. npm run lake -- verify names all that is wrong.`,
    );
  }
}
