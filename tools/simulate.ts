/** npm run simulate: the real departments in simulated worlds, with faults by seed; see `help` below. */
import { simulate } from '@instep/simulation';
import { onEnding } from './ending.ts';

const help = `npm run simulate -- [options]

Runs the real departments on a simulated clock, log, database and network, kills and confuses them by a seed, and checks every promise.
Ends with code 0 when every promise was kept and every kind of trouble was seen. The same seed gives the same world.

  --seeds <n>        so many worlds; default 300
  --from <seed>      the first of them; default 1
  --seed <seed>      one world, exactly as every time
  --without <a,b>    with --seed: without these faults
  --orders <n>       with --seed: with at most so many orders
  --trace            with --seed: everything that happened
  --mutations        plants known defects one by one into the code as it is loaded; code 1 when one is not found in time
  --mutation <name>  that defect only; with --seed: one world with it
  --starts <n>       from how many places each defect is looked for; default 3
  --workers <n>      processes; default one per core
  --write            puts the tables into docs/reliability.md
  --help             this

Examples:
  npm run simulate -- --seeds 3000
  npm run simulate -- --seed 17 --trace
  npm run simulate -- --mutations
  npm run simulate -- --mutation offset-guard-only`;

const ending = new AbortController();
onEnding(() => {
  ending.abort();
});

if (process.argv.includes('--help')) console.log(help);
else process.exitCode = await simulate(process.argv.slice(2), ending.signal).catch(sayWhy);

/** What was asked cannot be done: a sentence is enough. Anything else is a defect and keeps its stack. */
function sayWhy(error: unknown): number {
  if ((error as { readonly code?: unknown } | null)?.code !== 'simulate/bad-option') throw error;
  console.error((error as Error).message);
  return 1;
}
