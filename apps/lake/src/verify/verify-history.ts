import { existsSync } from 'node:fs';
import { join } from 'node:path';

import { historyFilesOnDisk } from '../row-history/files-on-disk.ts';
import { HISTORY_REMEDY, historyFolder, historyManifestPath, readHistory } from '../row-history/history-manifest.ts';
import { SoundFiles } from '../sound/sound-files.ts';
import type { Finding } from './finding.ts';
import { noteAll } from './note-all.ts';
import { stillWrong } from './still-wrong.ts';

const remedy = `restore it from a copy, or ${HISTORY_REMEDY}`;

/** Reads every file of the row history once and compares it with its manifest; nothing to say when there is no row history. */
export async function verifyHistory(lake: string): Promise<readonly Finding[]> {
  const folder = join(lake, historyFolder);
  if (!existsSync(historyManifestPath(folder))) return [];
  const history = readHistory(folder);
  const findings: Finding[] = [];
  const known = new SoundFiles(folder);
  for (const file of history.files()) {
    const what = await known.inspect(file);
    if (what !== undefined)
      findings.push({
        code: what === 'is missing' ? 'missing-file' : 'damaged-file',
        kind: 'wrong',
        sentence: `${historyFolder}/${file.path} ${what}: ${remedy}.`,
      });
  }
  await noteAll(known);
  return [...findings, ...(await stillWrong(folder, () => extraFiles(folder)))];
}

function extraFiles(folder: string): readonly Finding[] {
  const history = readHistory(folder);
  const known = new Set([...history.files().map(({ path }) => path), ...history.retired]);
  return historyFilesOnDisk(folder)
    .filter((path) => !known.has(path) && !path.endsWith('.tmp'))
    .map((path) => ({
      code: 'extra-file',
      kind: 'wrong',
      sentence: `${historyFolder}/${path} is not in the manifest of the row history: nobody reads it; remove it.`,
    }));
}
