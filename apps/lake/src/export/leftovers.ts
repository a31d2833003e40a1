import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import { rangeInPath } from '../manifest/lake-file.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { nextOffset } from '../manifest/manifest.ts';

/** Files below the folders of topics, relative to the lake, with slashes. */
export function filesOnDisk(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      join(entry.parentPath, entry.name)
        .slice(folder.length + 1)
        .replaceAll('\\', '/'),
    )
    .filter((path) => path.startsWith('topic='))
    .sort();
}

/**
 * Removes what a crash of the writer left: unfinished files, and finished ones that the manifest does not name yet. Those will be written
 * again. Whatever else lies there is not ours to remove; the check of the lake names it.
 */
export function removeLeftovers(folder: string, manifest: Manifest): readonly string[] {
  const removed = filesOnDisk(folder).filter((path) => isLeftover(path, manifest));
  for (const path of removed) rmSync(join(folder, path), { force: true });
  return removed;
}

function isLeftover(path: string, manifest: Manifest): boolean {
  if (path.endsWith('.parquet.tmp')) return rangeInPath(path.slice(0, -'.tmp'.length)) !== undefined;
  const range = rangeInPath(path);
  if (range === undefined || manifest.retired.has(path)) return false;
  const files = manifest.partition(range.topic, range.partition);
  if (files.some((file) => file.path === path)) return false;
  // A file that crashed before its line ends behind the manifest, or is what whole files were about to be put together to.
  return (
    range.last >= nextOffset(files) || (files.some(({ first }) => first === range.first) && files.some(({ last }) => last === range.last))
  );
}
