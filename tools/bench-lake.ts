/** npm run bench:lake: how fast the lake is written and read on this machine; see `help` below. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { availableParallelism, cpus, tmpdir, totalmem } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { intakeBeside, ProgramBeside } from '@instep/bench';
import { benchLake, type Figure } from '@instep/lake';
import { PlatformFault } from '@instep/local-process';
import { startPlatform, type Platform } from '@instep/platform';
import { failInOneSentence } from './ending.ts';
import { repository } from './running.ts';

const help = `npm run bench:lake [-- options]

Makes a history of orders in memory, exports it, sends a part of it through Kafka, asks questions, keeps the rows of a department as of every
moment, builds a view anew, lets orders come in beside a replay, and reads the same as NDJSON in Node.
Prints the figures and writes docs/benchmarks-lake.md. Starts a broker and a database of its own unless the environment names them:
in a broker that it names the topics of the run stay, about 0.9 GB for a million events.

  --events <n>   events of the history (5000000; about 1 GB of memory for each million)
  --kafka <n>    of them through the broker (1000000)
  --most <n>     of them into the view and the naive way (600000)
  --help         this

Examples:
  npm run bench:lake
  npm run bench:lake -- --events 500000`;

await bench().catch(failInOneSentence);

async function bench(): Promise<void> {
  const options = optionsFrom(process.argv.slice(2));
  if (options === undefined) {
    console.log(help);
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'lake-bench-'));
  const platform = await startPlatform({ dataDir: join(folder, 'platform'), profile: 'run' });
  try {
    const figures = await benchLake({
      ...options,
      brokers: platform.brokers,
      databaseUrl: await platform.createDatabase('lake_bench'),
      folder: join(folder, 'work'),
      intakeBeside: (lake) =>
        intakeBeside({
          ...{ platform, dataDir: join(folder, 'system'), perSecond: 30, seconds: 20, rounds: 8 },
          works: [
            beside('the history is folded anew', lake, ['lake', 'row-history', '--anew'], platform),
            beside(
              'it is replayed into a sandbox',
              lake,
              ['replay', 'run', '--no-log', '--to', 'sandbox', '--reveal', 'bench', '--yes'],
              platform,
            ),
          ],
        }),
      say: (line) => console.log(line),
    });
    writeFileSync(join(repository, 'docs', 'benchmarks-lake.md'), page(figures));
  } finally {
    await platform.stop();
  }
}

/** A command of the lake or of replay. Without the broker, whose log is not that of this lake. */
function beside(what: string, lake: string, [app = '', ...args]: readonly string[], { databaseUrl }: Platform): ProgramBeside {
  return new ProgramBeside(what, {
    command: process.execPath,
    args: [join(repository, 'apps', app, 'dist', 'main.js'), ...args, '--lake', lake],
    env: { PATH: process.env['PATH'], DATABASE_URL: databaseUrl },
  });
}

function page(figures: readonly Figure[]): string {
  return `# Benchmarks of the lake

Written by \`npm run bench:lake\`, all in one run on one machine. Times on the clock suffer from whatever else runs there (see its load);
CPU time less: with a load far above the number of cores only that can be compared with the targets, which are meant for 5 million events
on a machine that does nothing else. Each question was asked twice, and the second answer counts.

\`\`\`
date: ${new Date().toISOString().slice(0, 16)}Z
machine: ${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), ${(totalmem() / 2 ** 30).toFixed(0)} GB, Node ${process.versions.node}
\`\`\`

${markdownTable([['what', 'figure', 'target'], ...figures.map(({ what, value, target }) => [what, value, target ?? ''])])}
`;
}

/** With its columns aligned, as the formatter of the tree wants them. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string => `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...others] = rows;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...others.map(line)].join('\n');
}

function optionsFrom(args: string[]): { events: number; throughKafka: number; most: number } | undefined {
  try {
    const { values } = parseArgs({
      args,
      options: {
        events: { type: 'string', default: '5000000' },
        kafka: { type: 'string', default: '1000000' },
        most: { type: 'string', default: '600000' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    if (values.help) return undefined;
    return { events: count(values.events), throughKafka: count(values.kafka), most: count(values.most) };
  } catch (cause) {
    if (cause instanceof PlatformFault) throw cause;
    throw new PlatformFault('platform/bad-option', `${(cause as Error).message} npm run bench:lake -- --help says what there is.`, cause);
  }
}

function count(text: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new PlatformFault('platform/bad-option', `"${text}" is not a number of events: give a whole number above 0.`);
}
