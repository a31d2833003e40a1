import { mkdirSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { mustRun, runProgram, type Ran } from '@instep/local-process';

import { generateHistory } from '../bench/generated-history.ts';
import { compact } from '../compact/compact.ts';
import { exportOnce } from '../export/exporter.ts';
import { defaultLimits } from '../export/limits.ts';
import { measure } from '../kpi/measure.ts';
import type { LakeFile } from '../manifest/lake-file.ts';
import { readManifest } from '../manifest/manifest-file.ts';
import { openForWriting } from '../open-for-writing.ts';
import { defaultQueryLimits } from '../query/limits.ts';
import { kpiFolder } from '../saved/folders.ts';
import { readSqlFiles } from '../saved/sql-file.ts';
import { describeLake } from './describe-lake.ts';

export interface IcebergCheck {
  /** Folder of the Python program. */
  readonly program: string;
  /** With the packages of its requirements.txt. */
  readonly python: string;
  /** Iceberg for Spark, and the driver of the catalog's database. */
  readonly jars: readonly string[];
  /** Of the catalog's database, on this machine. */
  readonly catalog: { readonly port: number; readonly database: string };
  /** Empty; kept until the caller removes it. */
  readonly folder: string;
  readonly events: number;
  say(line: string): void;
}

export interface Verdict {
  readonly passed: number;
  readonly failed: number;
}

const topics = ['orders', 'inventory', 'finance'];

/** A lake becomes a table of Apache Iceberg by its manifest, and Spark answers every figure as DuckDB does. */
export async function checkIceberg(options: IcebergCheck): Promise<Verdict> {
  const { folder, say, events } = options;
  const lake = join(folder, 'lake');
  mkdirSync(lake, { recursive: true });
  const verdict = { passed: 0, failed: 0 };
  const check = async (what: string, work: () => Promise<string>): Promise<void> => {
    try {
      say(`✓ ${what.padEnd(44)} ${await work()}`);
      verdict.passed += 1;
    } catch (error) {
      say(`✗ ${what.padEnd(44)} ${(error as Error).message}`);
      verdict.failed += 1;
    }
  };
  const spark = sparkOf(options);
  const description = join(folder, 'views.json');
  writeFileSync(description, JSON.stringify(describeLake()));
  const kpis = readSqlFiles(kpiFolder);

  await exported(lake, events);
  const rows = filesOf(lake).reduce((sum, file) => sum + file.rows, 0);
  const registered = async (added: number, removed: number): Promise<string> => {
    const stands = `instep.lake.records has ${filesOf(lake).length} files, ${rows.toLocaleString('en')} records`;
    return equal((await spark.must('register', '--lake', lake)).trim(), `${added} files added, ${removed} taken out: ${stands}`);
  };
  const before = filesOf(lake).map(({ path }) => path);
  await check('registers the files of the manifest', () => registered(before.length, 0));
  await check('and changes nothing when it is run again', () => registered(0, 0));
  await compacted(lake);
  const after = filesOf(lake).map(({ path }) => path);
  const retired = before.filter((path) => !after.includes(path));
  if (retired.length === 0) throw new Error(`${events} events are too few: nothing was compacted`);
  await check('follows a compaction in one commit', () =>
    registered(after.filter((path) => !before.includes(path)).length, retired.length),
  );

  const answers = await measure(lake, kpis, defaultQueryLimits);
  const lines = (await spark.must('kpi', '--description', description)).trim().split('\n');
  const sparks = new Map(lines.map((line) => JSON.parse(line) as SparkAnswer).map((answer) => [answer.kpi, answer]));
  for (const { query, columns, texts } of answers) {
    await check(`${query.name} as DuckDB answers it`, async () => {
      const there = sparks.get(query.name);
      if (!there) throw new Error('Spark gave no answer');
      equal(JSON.stringify(there.columns), JSON.stringify(columns.map(({ name }) => name)));
      equal(there.rows.map((row) => row.map(plain).join('|')).join('\n'), texts.map((row) => row.map(plain).join('|')).join('\n'));
      return Promise.resolve(`${texts.length} rows`);
    });
  }
  await check(
    'writes views and figures for Trino (not run)',
    async () =>
      (await spark.must('sql', '--description', description, '--dialect', 'trino', '--out', join(folder, 'trino')))
        .trim()
        .split(' in ')[0] ?? '',
  );

  await check('names a file that is cut off', async () => {
    const broken = join(folder, 'broken');
    await exported(broken, 2_000);
    const [first] = filesOf(broken);
    truncateSync(join(broken, first?.path ?? ''), 1_000);
    return refusal(await spark.run('register', '--lake', broken, '--table', 'instep.broken.records'), first?.path ?? '-');
  });
  await check('says that a folder is no lake', async () => refusal(await spark.run('register', '--lake', folder), 'is no lake'));
  return verdict;
}

interface SparkAnswer {
  readonly kpi: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (string | null)[])[];
}

interface Spark {
  run(...args: readonly string[]): Promise<Ran>;
  /** Its output. Rejects when it ends with a fault. */
  must(...args: readonly string[]): Promise<string>;
}

/** The configuration that is shipped, with this machine's values. */
function sparkOf({ program, python, jars, catalog, folder }: IcebergCheck): Spark {
  const shipped = readFileSync(join(program, 'deploy', 'spark-defaults.conf'), 'utf8');
  const ours: Readonly<Record<string, string>> = {
    'spark.master': 'local[2]',
    'spark.jars': jars.join(','),
    'spark.ui.enabled': 'false',
    'spark.sql.shuffle.partitions': '2',
    'spark.sql.catalog.instep.uri': `jdbc:postgresql://127.0.0.1:${catalog.port}/${catalog.database}`,
    'spark.sql.catalog.instep.jdbc.user': 'postgres',
    'spark.sql.catalog.instep.warehouse': `file://${join(resolve(folder), 'warehouse')}`,
  };
  const kept = shipped.split('\n').filter((line) => !Object.keys(ours).some((name) => line.startsWith(`${name} `)));
  const settings = join(folder, 'spark');
  mkdirSync(settings, { recursive: true });
  const lines = Object.entries(ours).map(([name, value]) => `${name} ${value}`);
  writeFileSync(join(settings, 'spark-defaults.conf'), [...kept, ...lines, ''].join('\n'));
  const args = (given: readonly string[]): string[] => ['-m', 'lake_tables', ...given];
  const where = { cwd: program, env: { ...process.env, SPARK_CONF_DIR: settings, PYTHONDONTWRITEBYTECODE: '1' } };
  return {
    run: (...given) => runProgram(python, args(given), where),
    must: (...given) => mustRun(python, args(given), where),
  };
}

function filesOf(lake: string): readonly LakeFile[] {
  return readManifest(lake).files();
}

async function exported(lake: string, events: number): Promise<void> {
  mkdirSync(lake, { recursive: true });
  const log = generateHistory(events, () => undefined);
  const { writer, database, close, tidy } = await openForWriting(lake, undefined);
  try {
    await exportOnce({ log, folder: lake, writer, database, limits: { ...defaultLimits, records: 250 }, onFile: () => undefined }, topics);
    tidy();
  } finally {
    await close();
  }
}

async function compacted(lake: string): Promise<void> {
  const { writer, database, close, tidy } = await openForWriting(lake, undefined);
  try {
    await compact({ folder: lake, writer, database, blocksPerFile: 4, onFile: () => undefined });
    tidy();
  } finally {
    await close();
  }
}

/** Engines spell the same figure in different ways: 7, 7.0, 7.000000; and a moment with or without its zone. */
function plain(cell: string | null): string {
  if (cell === null) return '';
  if (/^-?\d+\.\d+$/.test(cell)) return cell.replace(/\.?0+$/, '').replace(/^-0$/, '0');
  return cell.replace(/\+00(:00)?$/, '');
}

function equal(got: string, wanted: string): string {
  if (got === wanted) return got;
  const at = Array.from(wanted).findIndex((character, place) => got[place] !== character);
  const near = (text: string): string => text.slice(Math.max(0, at - 60), at + 60);
  throw new Error(`…${near(got)}… instead of …${near(wanted)}…`);
}

function refusal({ code, stderr, stdout }: Ran, wanted: string): string {
  const said = stderr.trim().split('\n').at(-1) ?? '';
  if (code === 0) throw new Error(`took it: ${stdout}`);
  if (!said.includes(wanted)) throw new Error(`said: ${said.slice(0, 300)}`);
  return `code ${code}`;
}
