/** npm run chaos: breaks a whole company in every way we know and counts what it did to the books; see `help` below. */
import { parseArgs } from 'node:util';
import { PlatformFault } from '@instep/local-process';
import { faults, runChaos, writeReport } from '../scenarios/chaos/index.ts';
import { failInOneSentence, onEnding } from './ending.ts';

const help = `npm run chaos [-- options]

Starts brokers, a database and the six services of its own on free ports, lets shops sell about 50 orders a second, and breaks one thing after
the other: processes, brokers, networks, disks, clocks, input. After each it checks every acknowledged order in every department, stock, books
and the log itself, and rebuilds a database from the log. Prints a line per phase and a table; a whole run writes docs/chaos.md. Ends with
code 1 when anything was lost, doubled, oversold, unbalanced, re-ordered or stuck; then data and logs are kept.

  --only id,id   these faults only, see --list; writes nothing
  --quick        shorter phases
  --full         longer phases, and every failpoint of every service
  --minutes n    how long the mixed soak takes (default 2)
  --rate n       orders a second (default 50)
  --seed n       the same choices again (default: another each time)
  --list         the faults, one a line
  --help         this

Examples:
  npm run chaos
  npm run chaos -- --only zombie,rolling-brokers
  npm run chaos -- --full --minutes 30`;

type Options = {
  readonly only: readonly string[];
  readonly extent: 'quick' | 'usual' | 'full';
  readonly minutes: number;
  readonly perSecond: number;
  readonly seed: number;
  readonly show: 'help' | 'list' | undefined;
};

await chaos().catch(failInOneSentence);

async function chaos(): Promise<void> {
  const options = optionsFrom(process.argv.slice(2));
  if (options.show === 'help') console.log(help);
  else if (options.show === 'list') console.log(listed());
  else await run(options);
}

function listed(): string {
  const width = Math.max(...faults.map(({ id }) => id.length));
  return faults.map(({ id, title, ground }) => `${id.padEnd(width)}  ${ground.padEnd('three-brokers'.length)}  ${title}`).join('\n');
}

async function run({ only, extent, minutes, perSecond, seed }: Options): Promise<void> {
  const ending = new AbortController();
  onEnding((reason) => {
    console.log(`stopping (${reason}); nothing is written`);
    ending.abort();
  });
  const chosen = faults.filter(({ id }) => only.length === 0 || only.includes(id));
  const skipped = chosen.flatMap(({ title, missing }) => {
    const why = missing?.();
    return why === undefined ? [] : [`${title}: ${why}`];
  });
  for (const line of skipped) console.log(`not run here: ${line}`);
  const begun = Date.now();
  console.log(`seed ${String(seed)}`);
  try {
    const { good, table } = await runChaos({
      faults: chosen.filter(({ missing }) => missing?.() === undefined),
      extent,
      seed,
      perSecond,
      soakMinutes: minutes,
      signal: ending.signal,
      say: (line) => console.log(`${minutesSince(begun)}  ${line}`),
    });
    console.log(`\n${table}\n`);
    if (!good) process.exitCode = 1;
    if (only.length === 0 && !ending.signal.aborted) {
      const command = ['npm run chaos', ...(process.argv.length > 2 ? ['--', ...process.argv.slice(2)] : [])].join(' ');
      writeReport({ command, perSecond, table, skipped, minutes: (Date.now() - begun) / 60_000 });
      console.log('written to docs/chaos.md');
    }
  } catch (error) {
    if (!ending.signal.aborted) throw error;
    process.exitCode = 130;
  }
}

function minutesSince(begun: number): string {
  const seconds = Math.floor((Date.now() - begun) / 1_000);
  return `${String(Math.floor(seconds / 60)).padStart(3)}:${String(seconds % 60).padStart(2, '0')}`;
}

function optionsFrom(args: string[]): Options {
  const { only, quick, full, minutes, rate, seed, list, help: asked } = parsed(args);
  const ids = only === undefined ? [] : only.split(',').map((id) => id.trim());
  const unknown = ids.filter((id) => !faults.some((fault) => fault.id === id));
  if (unknown.length > 0) throw wrong(`There is no fault "${unknown.join('", "')}": npm run chaos -- --list shows them.`);
  if (quick && full) throw wrong('--quick and --full exclude each other.');
  return {
    only: ids,
    extent: quick ? 'quick' : full ? 'full' : 'usual',
    minutes: numberFrom('--minutes', minutes, 2, 24 * 60),
    perSecond: numberFrom('--rate', rate, 50, 1_000),
    seed: numberFrom('--seed', seed, Date.now() % 1_000_000, 999_999_999),
    show: asked ? 'help' : list ? 'list' : undefined,
  };
}

function parsed(args: string[]) {
  try {
    const off = { type: 'boolean', default: false } as const;
    const text = { type: 'string' } as const;
    return parseArgs({ args, options: { only: text, quick: off, full: off, minutes: text, rate: text, seed: text, list: off, help: off } })
      .values;
  } catch (cause) {
    throw wrong(`${(cause as Error).message}: npm run chaos -- --help shows what it knows.`, cause);
  }
}

function numberFrom(name: string, text: string | undefined, byDefault: number, most: number): number {
  if (text === undefined) return byDefault;
  const value = /^\d{1,9}(?:\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= most) return value;
  throw wrong(`${name} is "${text}", not a number above 0 and up to ${String(most)}.`);
}

function wrong(sentence: string, cause?: unknown): PlatformFault {
  return new PlatformFault('platform/bad-option', sentence, cause);
}
