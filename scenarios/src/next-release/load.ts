/** Preloaded (`node --import`) into a service: it then is the next release. Ends the process when the built code is not as `edits` expects it. */
import { registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

import { edits } from './edits.ts';
import type { Edit } from './edits.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const editsByFile = Map.groupBy(edits, ({ file }) => file);

registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    if (!url.startsWith('file:')) return loaded;
    const changes = editsByFile.get(fileURLToPath(url).slice(root.length));
    return changes === undefined ? loaded : { ...loaded, source: changes.reduce(changed, textOf(loaded.source)) };
  },
});

function changed(source: string, { file, find, replace }: Edit): string {
  const [before, after, ...more] = source.split(find);
  if (before === undefined || after === undefined || more.length > 0) {
    throw new Error(`the next release cannot be made: ${file} does not have this place exactly once:\n${find}`);
  }
  return before + replace + after;
}

function textOf(source: unknown): string {
  if (typeof source === 'string') return source;
  if (source instanceof Uint8Array) return Buffer.from(source).toString('utf8');
  throw new Error('a module of the next release came without its source text');
}
