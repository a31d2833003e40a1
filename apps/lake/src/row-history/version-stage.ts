import { mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { DuckDBTimestampTZValue, type DuckDBAppender, type DuckDBConnection, type DuckDBInstance } from '@duckdb/node-api';
import type { RowVersion } from '@instep/department';

import { publish, sha256Of } from '../manifest/durable.ts';
import { quoted } from '../query/locked-database.ts';
import type { SoundFiles } from '../sound/sound-files.ts';
import type { HistoryFile } from './history-manifest.ts';
import type { HistoryColumn, HistoryTable } from './history-table.ts';
import type { KnownRecord } from './order-of-knowledge.ts';
import { assertEveryByte } from './sound-history.ts';

const parquet = 'FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE 122880';

/** A file takes no more versions than this; smaller ones are put together as the history grows. */
const FULL = 4_000_000;

/** 12 digits before the point and 6 behind it: what DuckDB reads fast. Where a value is longer, its whole file has 23 and 15. */
const NARROW = 'DECIMAL(18,6)';
const WIDE = 'DECIMAL(38,15)';

/** What is said once of a record for all the versions that it made. */
const recordStage = 'stage_records';

/** Versions of the rows of one table, on their way into a file. */
export class VersionStage {
  readonly #connection: DuckDBConnection;
  readonly #table: HistoryTable;
  readonly #name: string;
  #appender: DuckDBAppender | undefined;
  #wide = false;
  #rows = 0;
  #first = 0;
  #last = 0;
  #from = 0;

  constructor(connection: DuckDBConnection, table: HistoryTable) {
    this.#connection = connection;
    this.#table = table;
    this.#name = `stage_${table.department.replaceAll('-', '_')}_${table.table}`;
  }

  get rows(): number {
    return this.#rows;
  }

  async open(): Promise<void> {
    await this.#connection.run(`CREATE TEMP TABLE ${this.#name} (n BIGINT, of_record BIGINT, version VARCHAR)`);
    this.#appender = await this.#connection.createAppender(this.#name, null, 'temp');
  }

  /** `of`: number of the record that made it. */
  add(n: number, of: number, { at }: KnownRecord, { row }: RowVersion): void {
    const to = this.#appender;
    if (to === undefined) throw new Error('a version needs an open stage');
    if (this.#rows === 0) {
      this.#first = n;
      this.#from = at;
    }
    to.appendBigInt(BigInt(n));
    to.appendBigInt(BigInt(of));
    to.appendVarchar(this.#json(row));
    to.endRow();
    this.#rows += 1;
    this.#last = n;
  }

  /**
   * Writes what was added into one file, with those at the end of the table that are not larger. Undefined when nothing was added. The file
   * has its name when this resolves; it is part of the history when the manifest says so. Rejects with `LakeFault` when one that it would take the
   * place of is damaged.
   */
  async write(sound: SoundFiles, files: readonly HistoryFile[]): Promise<{ added: HistoryFile; retired: readonly string[] } | undefined> {
    if (this.#rows === 0) return undefined;
    const { folder } = sound;
    const replaced = filesToReplace(files, this.#rows);
    await assertEveryByte(sound, replaced);
    this.#appender?.closeSync();
    const first = replaced[0]?.first ?? this.#first;
    const { department, table } = this.#table;
    const path = `department=${department}/table=${table}/${digits(first)}-${digits(this.#last)}.parquet`;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const facts = { department, table, first, last: this.#last, from: replaced[0]?.from ?? this.#from };
    const rows = this.#rows + replaced.reduce((sum, file) => sum + file.rows, 0);
    const added = await writeParquet(this.#connection, this.#select(folder, replaced), folder, { path, rows, ...facts });
    await this.#connection.run(`TRUNCATE ${this.#name}`);
    this.#appender = await this.#connection.createAppender(this.#name, null, 'temp');
    this.#rows = 0;
    this.#wide = false;
    return { added, retired: replaced.map((file) => file.path) };
  }

  close(): void {
    this.#appender?.closeSync();
  }

  /** Text columns of PostgreSQL hold every character but NUL and half ones; so do these. */
  #json(row: RowVersion['row']): string {
    for (const { property, type } of this.#table.columns) {
      const cell = row[property];
      if (type === 'numeric' && typeof cell === 'string' && !isNarrow(cell)) this.#wide = true;
    }
    const text = JSON.stringify(row);
    return /\\u(0000|d[89a-f])/.test(text)
      ? JSON.stringify(row, (_, cell: unknown) => (typeof cell === 'string' ? cell.toWellFormed().replaceAll('\0', '\uFFFD') : cell))
      : text;
  }

  #select(folder: string, replaced: readonly HistoryFile[]): string {
    const { columns } = this.#table;
    const shape = Object.fromEntries(columns.map((column) => [column.property, this.#duckType(column)]));
    const names = columns.map(({ name }) => `"${name}"`).join(', ');
    const keys = columns.filter(({ key }) => key).map(({ name }) => `"${name}"`);
    const staged = `SELECT ${columns.map(({ property, name }) => `v."${property}" AS "${name}"`).join(', ')},
      n AS _n, r.known_at AS _known_at, r.topic AS _topic, r.p AS _p, r.off AS _off, r.event_id AS _event_id,
      TRY_CAST(r.occurred AS TIMESTAMPTZ) AS _occurred_at, TRY_CAST(r.recorded AS TIMESTAMPTZ) AS _recorded_at
      FROM (SELECT n, of_record, json_transform_strict(version, ${quoted(JSON.stringify(shape))}) AS v FROM ${this.#name})
      JOIN ${recordStage} AS r ON r.record = of_record`;
    const before = replaced.length === 0 ? '' : ` UNION ALL BY NAME SELECT * EXCLUDE (_until) FROM ${parquetFiles(folder, replaced)}`;
    return `SELECT ${names}, _n, _known_at, lead(_known_at) OVER (PARTITION BY ${keys.join(', ')} ORDER BY _n) AS _until,
      _topic, _p, _off, _event_id, _occurred_at, _recorded_at FROM (${staged}${before}) ORDER BY ${keys.join(', ')}, _n`;
  }

  #duckType({ type }: HistoryColumn): string {
    if (type === 'numeric') return this.#wide ? WIDE : NARROW;
    return { text: 'VARCHAR', boolean: 'BOOLEAN', integer: 'BIGINT', timestamptz: 'TIMESTAMPTZ' }[type];
  }
}

/** The order in which the company came to know the records: where each moment cuts the log. */
export class OrderStage {
  readonly #connection: DuckDBConnection;
  #appender: DuckDBAppender | undefined;
  #rows = 0;
  #first = 0;
  #from = 0;

  constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  get rows(): number {
    return this.#rows;
  }

  async open(): Promise<void> {
    await this.#connection.run(
      `CREATE TEMP TABLE ${recordStage} (record BIGINT, known_at TIMESTAMPTZ, topic VARCHAR, p INTEGER, off BIGINT, event_id VARCHAR, occurred VARCHAR, recorded VARCHAR)`,
    );
    this.#appender = await this.#connection.createAppender(recordStage, null, 'temp');
  }

  add(n: number, { record, event, at }: KnownRecord): void {
    const to = this.#appender;
    if (to === undefined) throw new Error('an order needs an open stage');
    if (this.#rows === 0) {
      this.#first = n;
      this.#from = at;
    }
    to.appendBigInt(BigInt(n));
    to.appendTimestampTZ(new DuckDBTimestampTZValue(BigInt(at) * 1000n));
    to.appendVarchar(record.topic);
    to.appendInteger(record.partition);
    to.appendBigInt(BigInt(record.offset));
    if (event === undefined) for (let times = 0; times < 3; times += 1) to.appendNull();
    else for (const text of [event.id, event.time, event.recordedtime]) to.appendVarchar(text);
    to.endRow();
    this.#rows += 1;
  }

  async write(sound: SoundFiles, files: readonly HistoryFile[]): Promise<{ added: HistoryFile; retired: readonly string[] } | undefined> {
    if (this.#rows === 0) return undefined;
    const { folder } = sound;
    const replaced = filesToReplace(files, this.#rows);
    await assertEveryByte(sound, replaced);
    this.#appender?.closeSync();
    const first = replaced[0]?.first ?? this.#first;
    const last = this.#first + this.#rows - 1;
    const path = `order/${digits(first)}-${digits(last)}.parquet`;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    const before = replaced.length === 0 ? '' : ` UNION ALL SELECT * FROM ${parquetFiles(folder, replaced)}`;
    const select = `SELECT * FROM (SELECT record AS n, known_at, topic, p, off FROM ${recordStage}${before}) ORDER BY n`;
    const facts = { department: '', table: '', first, last, rows: last - first + 1, from: replaced[0]?.from ?? this.#from };
    const added = await writeParquet(this.#connection, select, folder, { path, ...facts });
    return { added, retired: replaced.map((file) => file.path) };
  }

  /** For the next records, once the versions that came of these are written. */
  async clear(): Promise<void> {
    if (this.#rows === 0) return;
    await this.#connection.run(`TRUNCATE ${recordStage}`);
    this.#appender = await this.#connection.createAppender(recordStage, null, 'temp');
    this.#rows = 0;
  }

  close(): void {
    this.#appender?.closeSync();
  }
}

export async function openStageConnection(database: DuckDBInstance): Promise<DuckDBConnection> {
  const connection = await database.connect();
  await connection.run("SET TimeZone = 'UTC'");
  return connection;
}

export function parquetFiles(folder: string, files: readonly HistoryFile[]): string {
  const list = files.map(({ path }) => quoted(join(folder, path))).join(', ');
  return `read_parquet([${list}], hive_partitioning = false, union_by_name = true)`;
}

async function writeParquet(
  connection: DuckDBConnection,
  select: string,
  folder: string,
  file: Omit<HistoryFile, 'bytes' | 'sha256'>,
): Promise<HistoryFile> {
  const final = join(folder, file.path);
  await connection.run(`COPY (${select}) TO ${quoted(`${final}.tmp`)} (${parquet})`);
  const sha256 = await sha256Of(`${final}.tmp`);
  const { size } = statSync(`${final}.tmp`);
  publish(`${final}.tmp`, final);
  return { ...file, bytes: size, sha256 };
}

/** A version is written again a few times at most, and a table never lies in more than a few files. */
function filesToReplace(files: readonly HistoryFile[], rows: number): readonly HistoryFile[] {
  let from = files.length;
  let following = rows;
  for (let file = files[from - 1]; file !== undefined && file.rows <= following && file.rows + following <= FULL; file = files[from - 1]) {
    following += file.rows;
    from -= 1;
  }
  return files.slice(from);
}

function isNarrow(text: string): boolean {
  const point = text.indexOf('.');
  const whole = point < 0 ? text.length : point;
  return whole - (text.startsWith('-') ? 1 : 0) <= 12 && (point < 0 || text.length - point - 1 <= 6);
}

function digits(n: number): string {
  return String(n).padStart(12, '0');
}
