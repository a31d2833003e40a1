import { ProgressBar } from '../figures/progress-bar.ts';
import { textTable } from '../figures/text-table.ts';
import type { Mutation } from '../mutations/mutation.ts';
import type { Found } from '../mutations/search.ts';
import { median, search } from '../mutations/search.ts';
import { mutationNamed, mutations } from '../mutations/table/index.ts';
import type { Options } from './options.ts';
import { print } from './print.ts';
import { writeBlock } from './reliability-page.ts';
import { SeedRunner } from './seed-runner.ts';
import { asPlanned } from './variant.ts';

/** Starts lie so far apart that no two searches see the same world. */
const betweenStarts = 10_000;
/** Worlds that a defect has to survive to count as borne. */
const borneWorlds = 40;
const longestSymptom = 90;

interface Row {
  readonly mutation: Mutation;
  readonly found: Found;
  readonly seconds: number;
  /** Why it could not be looked for at all. */
  readonly notPlanted?: string;
}

/** Plants one defect after the other and fails when one is not found within the worlds that its row in the table allows. */
export async function runMutations({ mutation, starts, from, workers, write }: Options, ending: AbortSignal): Promise<number> {
  const chosen = mutation === undefined ? mutations : [mutationNamed(mutation)];
  const places = Array.from({ length: starts }, (_, index) => from + index * betweenStarts);
  const bar = new ProgressBar(chosen.length);
  const rows = new Map<string, Row>();
  const left = chosen[Symbol.iterator]();
  const isEnding = (): boolean => ending.aborted; // asked after each wait, so not narrowed
  const work = async (): Promise<void> => {
    for (let next = left.next(); !next.done && !isEnding(); next = left.next()) {
      bar.show(rows.size, next.value.name);
      const row = await lookFor(next.value, places, ending);
      // Ended in the middle: what it shows is nothing.
      if (isEnding()) return;
      rows.set(row.mutation.name, row);
      if (!isAsPromised(row)) {
        bar.end();
        print(`${row.mutation.name}: ${verdict(row)}`);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, chosen.length) }, work));
  bar.end();
  const inOrder = chosen.flatMap(({ name }) => rows.get(name) ?? []);
  const table = mutationTable(inOrder);
  print(table);
  if (ending.aborted) return 130;
  const wrong = inOrder.filter((row) => !isAsPromised(row));
  print(`\n${String(inOrder.length)} defects, ${String(wrong.length)} not as promised, from ${String(starts)} starts each.`);
  if (write && wrong.length === 0 && mutation === undefined)
    writeBlock('mutations', `npm run simulate -- --mutations --starts ${String(starts)}`, table);
  return wrong.length === 0 ? 0 : 1;
}

async function lookFor(mutation: Mutation, places: readonly number[], ending: AbortSignal): Promise<Row> {
  const start = performance.now();
  const runner = new SeedRunner(mutation.name);
  const end = (): void => {
    runner.stop();
  };
  ending.addEventListener('abort', end);
  try {
    const most = mutation.within === 'never' ? Math.ceil(borneWorlds / places.length) : mutation.within;
    const found = await search(places, most, (seed) => runner.run(seed, asPlanned));
    return { mutation, found, seconds: (performance.now() - start) / 1_000 };
  } catch (error) {
    // Most likely the code has changed and the table has not followed: the others can be looked for all the same.
    const why = error instanceof Error ? error.message : String(error);
    return { mutation, found: { after: [], symptom: '' }, seconds: (performance.now() - start) / 1_000, notPlanted: why };
  } finally {
    runner.stop();
    ending.removeEventListener('abort', end);
  }
}

function isAsPromised({ mutation, found: { after }, notPlanted }: Row): boolean {
  if (notPlanted !== undefined) return false;
  return mutation.within === 'never' ? after.every((worlds) => worlds === undefined) : after.every((worlds) => worlds !== undefined);
}

function verdict(row: Row): string {
  const { mutation, found, notPlanted } = row;
  if (notPlanted !== undefined) return notPlanted;
  if (mutation.within === 'never') return `it should do no harm, but: ${found.symptom}`;
  const misses = found.after.filter((worlds) => worlds === undefined).length;
  return `not found within ${String(mutation.within)} worlds from ${String(misses)} of ${String(found.after.length)} starts`;
}

function mutationTable(rows: readonly Row[]): string {
  return textTable(
    ['defect', 'what is wrong', 'worlds: median (most)', 'first symptom', 'seconds'],
    rows.map(({ mutation, found, seconds }) => [
      mutation.name,
      mutation.meaning,
      worldsOf(mutation, found),
      found.symptom.replaceAll(/\s+/g, ' ').slice(0, longestSymptom),
      seconds.toFixed(1),
    ]),
  );
}

function worldsOf({ within }: Mutation, { after }: Found): string {
  const worlds = after.filter((one) => one !== undefined);
  if (worlds.length === 0) return within === 'never' ? `borne in ${String(borneWorlds)}` : 'not found';
  return `${String(median(worlds))} (${String(Math.max(...worlds))})${worlds.length < after.length ? ', not always' : ''}`;
}
