/** Runs the worlds that it is asked for, one after the other. Started by the pool; ends when the pool is gone. */
import type { WorldResult } from '../evidence.ts';
import { planFaults } from '../faults/fault-plan.ts';
import { notPlanted } from '../mutations/planted.ts';
import { mutationNamed } from '../mutations/table/index.ts';
import { random } from '../time/random.ts';
import { runWorld } from '../world.ts';
import type { SeedAnswered, SeedAsked } from './seed-messages.ts';

const mutation = process.env['INSTEP_MUTATION'];

process.on('message', (asked: SeedAsked) => {
  void answer(asked);
});
process.on('disconnect', () => process.exit());
// A defect that is planted may well leave a promise behind; what it does to the world is what counts.
if (mutation !== undefined) process.on('unhandledRejection', () => undefined);
say({ kind: 'ready' });

async function answer({ seed, variant, wholeTrace }: SeedAsked): Promise<void> {
  try {
    const start = performance.now();
    const plan = planFaults(random(String(seed)).split('faults'), variant.without);
    const result = await runWorld({ seed, plan, wholeTrace, ...(variant.orders === undefined ? {} : { orders: variant.orders }) });
    assertPlanted();
    say({
      kind: 'world',
      result: result.violations.length > 0 || wholeTrace ? result : withoutTrace(result),
      ms: performance.now() - start,
    });
  } catch (error) {
    say({ kind: 'failed', reason: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

/** A defect in a file that nobody loads would never be found. */
function assertPlanted(): void {
  if (mutation === undefined) return;
  const [missing] = notPlanted(mutationNamed(mutation));
  if (missing) throw new Error(`the world does not load ${missing.file}, so "${mutation}" is not in it`);
}

function withoutTrace(result: WorldResult): WorldResult {
  return { ...result, trace: [] };
}

function say(answered: SeedAnswered): void {
  process.send?.(answered);
}
