import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import type { Manifest } from './manifest.ts';
import { isBeingRead } from './readers.ts';

/**
 * Removes files that are no part of the lake any more, unless somebody still reads who may have them on its list: then they stay until the
 * next call. Gives how many are left.
 */
export function removeRetired(folder: string, manifest: Manifest): number {
  const lying = [...manifest.retired].filter((path) => existsSync(join(folder, path)));
  if (lying.length === 0) return 0;
  if (isBeingRead(folder)) return lying.length;
  for (const path of lying) rmSync(join(folder, path), { force: true });
  return 0;
}
