import { isUtf8 } from 'node:buffer';

import { DuckDBInstance, type DuckDBAppender, type DuckDBConnection } from '@duckdb/node-api';
import type { LogRecord, TopicPartition } from '@instep/event-log';

import type { LakeFile, Span } from '../manifest/lake-file.ts';
import { readAsWritten } from '../record/as-written.ts';
import { columns, staged, type StagedType } from '../record/columns.ts';
import { readEnvelope, writeValue, type Envelope } from '../record/envelope.ts';
import { canonicalTime } from '../record/times.ts';

/** What can be said of the rows of a file. */
export type RowFacts = Pick<LakeFile, 'rows' | 'valueBytes' | 'lastSequence' | 'repeated' | 'faults' | 'occurred' | 'recorded' | 'events'>;

const parquet = `FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd, ROW_GROUP_SIZE 122880`;

/** A DuckDB for writing, of one process. */
export async function openWriterDatabase(folder: string, memoryMb = 1024): Promise<DuckDBInstance> {
  return DuckDBInstance.create(':memory:', {
    threads: '2',
    memory_limit: `${memoryMb}MB`,
    temp_directory: `${folder}/.tmp`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
}

type Counted = Pick<RowFacts, 'valueBytes' | 'lastSequence' | 'repeated' | 'events'>;
type Measured = Pick<RowFacts, 'occurred' | 'recorded' | 'faults'> & { readonly broken: number };

/** Turns records into one Parquet file. One at a time; several stages of one instance work side by side. */
export class Stage {
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async open(instance: DuckDBInstance): Promise<Stage> {
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    return new Stage(connection);
  }

  /**
   * Writes the records, of one partition and without gap, to `path`. `lastSequence`: the highest number of a record before them.
   * The same records give the same bytes.
   */
  async write(target: TopicPartition, records: readonly LogRecord[], lastSequence: number, path: string): Promise<RowFacts> {
    const rows = rowsOf(target);
    let counted = await this.#fill(records, lastSequence, false);
    let { broken, ...measured } = await this.#measured(rows);
    if (broken > 0) {
      counted = await this.#fill(records, lastSequence, true);
      ({ broken, ...measured } = await this.#measured(rows));
    }
    const select = columns.map(({ name, stored }) => (name === stored ? name : `${stored} AS ${name}`)).join(', ');
    await this.#connection.run(`COPY (SELECT ${select} FROM (${rows})) TO '${path.replaceAll("'", "''")}' (${parquet})`);
    await this.#connection.run('DROP TABLE stage');
    return { ...counted, ...measured, rows: records.length };
  }

  close(): void {
    this.#connection.closeSync();
  }

  async #fill(records: readonly LogRecord[], lastSequence: number, carefully: boolean): Promise<Counted> {
    // Anew: into a table that was emptied DuckDB appends half as fast.
    await this.#connection.run(`CREATE OR REPLACE TEMP TABLE stage (${carried})`);
    const appender = await this.#connection.createAppender('stage', null, 'temp');
    const events = new Map<string, number>();
    let repeated = 0;
    let valueBytes = 0;
    let last = lastSequence;
    for (const record of records) {
      const again = record.sequence !== undefined && record.sequence.n <= last;
      if (again) repeated += 1;
      else if (record.sequence) last = record.sequence.n;
      valueBytes += record.value.length;
      const schema = appendRecord(appender, record, again, carefully);
      events.set(schema, (events.get(schema) ?? 0) + 1);
    }
    appender.closeSync();
    const sorted = [...events].sort(([one], [two]) => (one < two ? -1 : 1));
    return { valueBytes, lastSequence: last, repeated, events: Object.fromEntries(sorted) };
  }

  /** `broken`: rows whose data is no JSON, which nobody looked at before. */
  async #measured(rows: string): Promise<Measured> {
    const stored = (name: string): string => columns.find((column) => column.name === name)?.stored ?? name;
    const iso = (of: string) => `strftime(${of}, '%Y-%m-%dT%H:%M:%S.%fZ')`;
    const span = (name: string) => `${iso(`min(${stored(name)})`)}, ${iso(`max(${stored(name)})`)}`;
    const read = await this.#connection.runAndReadAll(
      `SELECT ${span('occurred_at')}, ${span('recorded_at')}, count(*) FILTER (WHERE (${stored('fault')}) IS NOT NULL)::INTEGER,
        count(*) FILTER (WHERE NOT json_valid(data))::INTEGER FROM (${rows})`,
    );
    const [occurredFrom, occurredTo, recordedFrom, recordedTo, faults, broken] = read.getRowsJson()[0] ?? [];
    return {
      ...{ occurred: spanOf(occurredFrom, occurredTo), recorded: spanOf(recordedFrom, recordedTo) },
      ...{ faults: Number(faults ?? 0), broken: Number(broken ?? 0) },
    };
  }
}

/** A double holds every number that JavaScript counts with, and no BigInt has to be made for each. */
function carrierOf(type: StagedType): string {
  return type === 'BIGINT' || type === 'INTEGER' ? 'DOUBLE' : type;
}

const carried = staged.map(({ name, type }) => `${name} ${carrierOf(type)}`).join(', ');

/** The staged columns in their types, and what is the same for all rows. */
function rowsOf({ topic, partition }: TopicPartition): string {
  const typed = staged.map(({ name, type }) => (carrierOf(type) === type ? name : `${name}::${type} AS ${name}`));
  return `SELECT '${topic.replaceAll("'", "''")}' AS topic, ${partition}::INTEGER AS p, ${typed.join(', ')} FROM stage`;
}

function spanOf(from: unknown, to: unknown): Span | null {
  return typeof from === 'string' && typeof to === 'string' ? { from, to } : null;
}

/** Appends in the order of `staged`. Gives the version of the event, `order.placed/1`, or `(no event)`. */
function appendRecord(to: DuckDBAppender, record: LogRecord, repeated: boolean, carefully: boolean): string {
  const value = record.value.toString('utf8');
  const { read, spelled } = readOnce(value, carefully);
  const event: Partial<Envelope> = read ?? {};
  const { sequence } = record;
  number(to, record.offset);
  time(to, event.time);
  const canonical = time(to, event.recordedtime);
  number(to, record.timestamp);
  text(to, event.id);
  text(to, event.type ?? record.type);
  number(to, event.typeVersion);
  text(to, event.tenant);
  text(to, record.key);
  text(to, event.subject);
  number(to, event.streamversion);
  number(to, sequence?.epoch);
  number(to, sequence?.n);
  to.appendBoolean(repeated);
  text(to, event.source);
  text(to, event.actor);
  text(to, event.correlationid);
  text(to, event.causationid);
  text(to, event.causeposition);
  text(to, event.traceparent);
  text(to, event.tracestate);
  text(to, event.data);
  text(to, read ? undefined : 'not-an-event');
  bytesIfNeeded(to, record, value, canonical ? spelled : undefined);
  number(to, sequence?.serial);
  number(to, event.causeend);
  text(to, record.type === event.type ? undefined : (record.type ?? ''));
  to.endRow();
  return read?.dataschema ?? '(no event)';
}

/** The event in a value, and how our writers would spell it. */
function readOnce(value: string, carefully: boolean): { read?: Envelope | undefined; spelled?: string | undefined } {
  const asWritten = carefully ? undefined : readAsWritten(value);
  if (asWritten) return { read: asWritten, spelled: value };
  const read = readEnvelope(value, carefully);
  return { read, spelled: read && writeValue(read) };
}

/** The bytes as they are, where the columns would not give them back. */
function bytesIfNeeded(to: DuckDBAppender, record: LogRecord, value: string, spelled: string | undefined): void {
  if (spelled === value && isText(record.value, value)) to.appendNull();
  else to.appendBlob(record.value);
}

/** Whether the text has all that the bytes have. What is not UTF-8 became a sign that stands for it. */
function isText(bytes: Buffer, value: string): boolean {
  return !value.includes('\ufffd') || isUtf8(bytes);
}

/** As a number, or as its text where that is spelled otherwise. Whether it was a number. */
function time(to: DuckDBAppender, value: string | undefined): boolean {
  const ms = value === undefined ? undefined : canonicalTime(value);
  number(to, ms);
  text(to, ms === undefined ? value : undefined);
  return ms !== undefined;
}

function text(to: DuckDBAppender, value: string | undefined): void {
  if (value === undefined) to.appendNull();
  else to.appendVarchar(value);
}

function number(to: DuckDBAppender, value: number | undefined): void {
  if (value === undefined) to.appendNull();
  else to.appendDouble(value);
}
