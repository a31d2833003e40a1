import { createReadStream, createWriteStream, mkdirSync, rmSync, statSync } from 'node:fs';
import { loadavg } from 'node:os';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

import { viewBuild, type Position } from '@instep/department';
import type { EventLog, LogReader } from '@instep/event-log';
import { dataSource, migrate, postgresStore } from '@instep/postgres';

import { compact } from '../compact/compact.ts';
import { exportOnce } from '../export/exporter.ts';
import { defaultLimits } from '../export/limits.ts';
import { openLakeLog } from '../log/lake-log.ts';
import { readManifest } from '../manifest/manifest-file.ts';
import { openForWriting } from '../open-for-writing.ts';
import { defaultQueryLimits } from '../query/limits.ts';
import { QueryProcess } from '../query/query-runner.ts';
import { QuerySession } from '../query/query-session.ts';
import { buildRowHistory, type HistoryBuilt } from '../row-history/build-row-history.ts';
import { keptDepartments } from '../row-history/departments.ts';
import { historyFolder } from '../row-history/history-manifest.ts';
import { viewNameOf } from '../row-history/history-table.ts';
import { generateHistory } from './generated-history.ts';
import { throughKafka } from './through-kafka.ts';
import { inMs, perSecond, perSecondApart, timed } from './timed.ts';

export interface LakeBench {
  readonly events: number;
  /** Events that go through a real broker; the rest is exported from memory. */
  readonly throughKafka: number;
  readonly brokers: string;
  /** A server on which a database of the bench may be made. */
  readonly databaseUrl: string;
  /** Most events that go through the fold of a view and the naive way: their rates say enough. */
  readonly most: number;
  /** How fast orders are through, alone and while something works on the whole of this lake. */
  intakeBeside(lake: string): Promise<Beside>;
  /** Removed at the end. */
  readonly folder: string;
  say(line: string): void;
}

/** Milliseconds within which 99 of 100 orders were answered, and were in the books. */
interface Through {
  readonly answered: number;
  readonly booked: number;
}

export interface Beside {
  readonly alone: Through;
  /** `what`: as in "while <what>". */
  readonly beside: readonly (Through & { readonly what: string })[];
}

export interface Figure {
  readonly what: string;
  readonly value: string;
  readonly target?: string;
}

type History = ReturnType<typeof generateHistory>;

const topics = ['orders', 'inventory', 'finance'];

/** Everything in one run, on this machine, as it is loaded now. */
export async function benchLake(bench: LakeBench): Promise<readonly Figure[]> {
  const { events, folder, say } = bench;
  mkdirSync(folder, { recursive: true });
  const figures: Figure[] = [];
  const note = (what: string, value: string, target?: string): void => {
    figures.push({ what, value, ...(target !== undefined && { target }) });
    say(`${what}: ${value}${target === undefined ? '' : ` (target ${target})`}`);
  };
  note(
    'load of the machine before',
    loadavg()
      .map((each) => each.toFixed(1))
      .join(' '),
  );
  say('making the history …');
  const history = generateHistory(events, () => undefined);
  note('events', `${history.records.toLocaleString('en-US')}, ${(history.bytes / history.records).toFixed(0)} bytes each`);
  try {
    const lake = join(folder, 'lake');
    const exported = await timed(() => exportInto(lake, history, topics));
    note('export from memory', perSecondApart(history.records, exported), '50,000/s');
    const manifest = readManifest(lake);
    const bytes = manifest.files().reduce((sum, file) => sum + file.bytes, 0);
    const ndjson = history.bytes + history.records;
    note('size', `${megabytes(bytes)} against ${megabytes(ndjson)} of NDJSON: ${(ndjson / bytes).toFixed(1)} times smaller`, '5 times');
    await throughKafka({ history, topics, count: bench.throughKafka, brokers: bench.brokers, folder, exportInto, note });
    await queries(lake, 'blocks of 25,000', note);
    let sorted = 0;
    const compacted = await timed(async () => {
      sorted = await compactAll(lake);
    });
    if (sorted > 0) {
      const rows = readManifest(lake)
        .files()
        .filter(({ kind }) => kind === 'sorted');
      note(
        'compaction',
        perSecond(
          rows.reduce((sum, file) => sum + file.rows, 0),
          compacted,
        ),
      );
      await queries(lake, 'sorted', note, true);
    }
    await startOfProcess(lake, note);
    await asOfDepartment(lake, history, note);
    await newView(bench, lake, note);
    await intake(bench, lake, note);
    await naive(bench, history, note);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  note(
    'load of the machine after',
    loadavg()
      .map((each) => each.toFixed(1))
      .join(' '),
  );
  return figures;
}

type Note = (what: string, value: string, target?: string) => void;

async function exportInto(lake: string, log: EventLog, names: readonly string[]): Promise<void> {
  const { writer, database, close } = await openForWriting(lake, undefined);
  try {
    await exportOnce({ log, folder: lake, writer, database, limits: defaultLimits, onFile: () => undefined }, names);
  } finally {
    await close();
  }
}

/** Gives the number of files made. */
async function compactAll(lake: string): Promise<number> {
  const { writer, database, close, tidy } = await openForWriting(lake, undefined);
  try {
    const blocks = writer.manifest.files().filter(({ kind }) => kind === 'block').length;
    const made = await compact({
      folder: lake,
      writer,
      database,
      blocksPerFile: Math.max(2, Math.min(40, Math.floor(blocks / (topics.length * 3)))),
      onFile: () => undefined,
    });
    tidy();
    return made;
  } finally {
    await close();
  }
}

const questions: readonly (readonly [string, string, string?])[] = [
  ['count by type', 'SELECT type, count(*) FROM events GROUP BY type'],
  [
    'timeline of one order',
    "SELECT recorded_at, type, topic, off FROM events WHERE subject = 'shop:1000777' OR correlation_id = 'shop:1000777-0' ORDER BY recorded_at",
    '300 ms',
  ],
  [
    'every order as of the middle',
    `SELECT count(*), sum(v) FROM (SELECT key, max(stream_version) AS v, arg_max(data, stream_version) AS state FROM events
     WHERE topic = 'orders' AND recorded_at <= (SELECT min(recorded_at) + (max(recorded_at) - min(recorded_at)) / 2 FROM events) GROUP BY key)`,
    '1,000 ms',
  ],
  [
    'every journal balances',
    'SELECT count(*) FILTER (WHERE total <> 0), sum(total) FROM (SELECT journal_id, list_sum(list_transform(lines, lambda x: x.amount)) AS total FROM journal_posted)',
    '2,000 ms',
  ],
  ['gaps in the numbers', 'SELECT topic, p, max(seq) - count(DISTINCT seq) FROM events GROUP BY ALL'],
  ['gross margin', 'SELECT item, sum(net) FROM order_lines GROUP BY item'],
];

/** Each question twice; the second answer counts, with the files in the cache of the machine. */
async function queries(lake: string, how: string, note: Note, onlyWithTarget = false): Promise<void> {
  const session = await QuerySession.open({ lake, scratch: scratchOf(lake) }, defaultQueryLimits);
  try {
    for (const [what, sql, target] of questions) {
      if (onlyWithTarget && target === undefined) continue;
      await session.connection.runAndReadAll(sql);
      const took = await timed(async () => {
        await session.connection.runAndReadAll(sql);
      });
      note(`${what}, ${how}`, inMs(took), target);
    }
  } finally {
    session.connection.closeSync();
  }
}

async function startOfProcess(lake: string, note: Note): Promise<void> {
  const { wall } = await timed(async () => {
    const { bytes, done } = QueryProcess.start(lake, defaultQueryLimits).ask({ sql: 'SELECT 1', format: 'csv' });
    bytes.resume();
    await done;
  });
  note('a query process from start to answer', `${(wall * 1000).toFixed(0)} ms`);
}

/** Every version of every row of finance, and all its tables as of the middle. */
async function asOfDepartment(lake: string, log: LogReader, note: Note): Promise<void> {
  const departments = keptDepartments().filter(({ definition }) => definition.service === 'finance');
  const built: HistoryBuilt[] = [];
  const folded = await timed(async () => {
    built.push(await buildRowHistory({ log, lake, folder: join(lake, historyFolder), departments, until: Date.now() }));
  });
  for (const { records, versions, manifest } of built) {
    note('row history of finance', `${perSecond(records, folded)}; ${versions.toLocaleString('en-US')} versions of rows`);
    const at = Math.round(((manifest.from ?? 0) + (manifest.progress?.at ?? 0)) / 2);
    const session = await QuerySession.open({ lake, scratch: scratchOf(lake) }, defaultQueryLimits);
    try {
      await session.read(
        async () => {
          const ask = async (): Promise<void> => {
            for (const table of manifest.tables)
              await session.connection.runAndReadAll(`SELECT count(*), sum(hash(t)) FROM as_of.${viewNameOf(table)} AS t`);
          };
          await ask();
          note('every column of every row of finance as of the middle', inMs(await timed(ask)), '1,000 ms');
        },
        { recorded: new Date(at).toISOString() },
      );
    } finally {
      session.connection.closeSync();
    }
  }
}

/** A view of crm over orders, folded from the lake into PostgreSQL as `replay view build` does it. */
async function newView({ databaseUrl, most }: LakeBench, lake: string, note: Note): Promise<void> {
  const crm = keptDepartments().find(({ definition }) => definition.service === 'crm');
  if (!crm) throw new Error('crm is gone');
  const table = 'customer_order';
  const connection = { url: databaseUrl, service: 'lake bench' };
  const source = dataSource({ ...connection, ...crm.database });
  await migrate(source);
  await source.destroy();
  const store = postgresStore({ ...connection, tables: crm.database.entities.filter(({ options }) => options.name === table) });
  const parts = await readAsLog(lake, most, note);
  const log = await openLakeLog({ folder: lake });
  try {
    const build = await viewBuild({ definition: crm.definition, table, log, store });
    const folded = await timed(() => build.advance(parts));
    note(
      'a view built anew from the lake into PostgreSQL',
      perSecond(
        parts.reduce((sum, { nextOffset }) => sum + nextOffset, 0),
        folded,
      ),
      '60,000/s',
    );
  } finally {
    await log.close();
    await store.close();
  }
}

/** Only the records that the view is made of, by a reader of their own. Gives up to where that is. */
async function readAsLog(lake: string, most: number, note: Note): Promise<readonly Pick<Position, 'topic' | 'partition' | 'nextOffset'>[]> {
  const log = await openLakeLog({ folder: lake });
  try {
    const parts = (await log.bounds('orders')).map(({ partition, next }) => ({
      topic: 'orders',
      partition,
      nextOffset: Math.min(next, Math.ceil(most / 3)),
    }));
    let records = 0;
    const read = await timed(async () => {
      for (const part of parts) for await (const batch of log.read(part, 0, part.nextOffset)) records += batch.length;
    });
    note('the lake read as a log', perSecond(records, read));
    return parts;
  } finally {
    await log.close();
  }
}

async function intake({ intakeBeside }: LakeBench, lake: string, note: Note): Promise<void> {
  const { alone, beside } = await intakeBeside(lake);
  for (const { what, answered, booked } of beside) {
    note(`p99 of a webhook answered, while ${what}`, change(alone.answered, answered), 'changes by less than 10 %');
    note(`p99 of an order in the books, while ${what}`, change(alone.booked, booked), 'changes by less than 10 %');
  }
}

function change(alone: number, beside: number): string {
  const percent = (beside / alone - 1) * 100;
  return `${alone.toFixed(1)} ms alone, ${beside.toFixed(1)} ms beside: ${percent < 0 ? '' : '+'}${percent.toFixed(0)} %`;
}

/** The same with a file of lines and Node: what there is without a lake. */
async function naive({ folder, most }: LakeBench, history: History, note: Note): Promise<void> {
  const path = join(folder, 'history.ndjson');
  const file = createWriteStream(path);
  for (const topic of topics)
    for (let partition = 0; partition < 3; partition += 1)
      for await (const batch of history.read({ topic, partition }, 0, Math.ceil(most / 9))) {
        if (!file.write(`${batch.map(({ value }) => value.toString()).join('\n')}\n`)) await once(file, 'drain');
      }
  file.end();
  await once(file, 'finish');
  let count = 0;
  let found = 0;
  const balances = new Map<string, number>();
  const read = await timed(async () => {
    for await (const line of createInterface({ input: createReadStream(path, { highWaterMark: 1 << 20 }) })) {
      const event = JSON.parse(line) as { type: string; subject: string; data: { lines: { account: string; amount: string }[] } };
      count += 1;
      if (event.subject === 'shop:1000777') found += 1;
      if (event.type === 'journal.posted')
        for (const { account, amount } of event.data.lines) balances.set(account, (balances.get(account) ?? 0) + Number(amount));
    }
  });
  const whole = (read.wall / count) * history.records;
  note(
    `any of these over ${megabytes(statSync(path).size)} of NDJSON in Node`,
    `${(read.wall * 1000).toFixed(0)} ms, ${perSecond(count, read)}; all of it would take ${whole.toFixed(1)} s`,
  );
  if (found + balances.size === 0) throw new Error('the lines hold nothing of what was asked');
}

function scratchOf(lake: string): string {
  const scratch = join(lake, '..', 'scratch');
  mkdirSync(scratch, { recursive: true });
  return scratch;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1_000_000).toFixed(0)} MB`;
}
