import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

import type { Manifest } from '../manifest/manifest.ts';
import { historyFolder } from '../row-history/history-manifest.ts';
import type { Finding } from './finding.ts';

/** Everything in the folders of topics, and every Parquet file elsewhere, that is no part of the lake. A link counts like the file behind it. */
export function extraFiles(folder: string, manifest: Manifest): readonly Finding[] {
  const known = new Set(manifest.files().map(({ path }) => path));
  return pathsIn(folder, folder)
    .filter((path) => path.startsWith('topic=') || path.endsWith('.parquet'))
    .filter((path) => !known.has(path) && !manifest.retired.has(path))
    .sort()
    .map((path) => ({
      code: 'extra-file',
      kind: 'wrong',
      sentence: `${path} is no part of the lake: tools that read the folder as it is would count it; remove it, or run an export when it is what a crash left.`,
    }));
}

/** Not those of the row history, which has a manifest of its own, nor what lies in hidden folders, which tools pass over. */
function pathsIn(folder: string, lake: string): readonly string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || (folder === lake && entry.name === historyFolder)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? pathsIn(path, lake) : [relative(lake, path).replaceAll(sep, '/')];
  });
}
