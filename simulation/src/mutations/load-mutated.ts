/**
 * Preloaded (`node --import`) into a process that runs a defect: INSTEP_MUTATION names it. Ends the process at once when the defect cannot
 * be planted; `planted()` says whether every place of it was loaded.
 */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

import type { Edit } from './mutation.ts';
import { mutate } from './mutation.ts';
import { markPlanted } from './planted.ts';
import { mutationNamed } from './table/index.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const mutation = mutationNamed(process.env['INSTEP_MUTATION'] ?? '');
const editsByFile = Map.groupBy(mutation.edits, ({ file }) => file);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith('file:')) return loaded;
    const edits = editsByFile.get(fileURLToPath(url).slice(root.length));
    if (edits === undefined) return loaded;
    return { ...loaded, source: edits.reduce(plant, textOf(loaded.source)) };
  },
});

function plant(source: string, edit: Edit): string {
  markPlanted(edit);
  return mutate(source, edit);
}

function textOf(source: unknown): string {
  if (typeof source === 'string') return source;
  if (source instanceof Uint8Array) return Buffer.from(source).toString('utf8');
  throw new Error('a module to be mutated came without its source text');
}
