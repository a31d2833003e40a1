import { readOptions } from './options.ts';
import { runMutations } from './run-mutations.ts';
import { runOne } from './run-one.ts';
import { runWorlds } from './run-worlds.ts';

/** `npm run simulate`: resolves with the exit code. Rejects with BadOption, a sentence for whoever asked. */
export async function simulate(args: readonly string[], ending: AbortSignal): Promise<number> {
  const options = readOptions(args);
  if (options.mutations) return runMutations(options, ending);
  if (options.seed !== undefined) return runOne(options.seed, options, ending);
  if (options.mutation !== undefined) return runMutations(options, ending);
  return runWorlds(options, ending);
}
