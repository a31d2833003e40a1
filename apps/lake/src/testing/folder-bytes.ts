import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { filesOnDisk } from '../export/leftovers.ts';

/** Hash of each file of a lake by its path. */
export function hashesOf(folder: string): Readonly<Record<string, string>> {
  return Object.fromEntries(
    filesOnDisk(folder).map((path) => [
      path,
      createHash('sha256')
        .update(readFileSync(join(folder, path)))
        .digest('hex'),
    ]),
  );
}
