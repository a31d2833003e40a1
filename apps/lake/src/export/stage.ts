import { isUtf8 } from 'node:buffer';

import { DuckDBInstance, type DuckDBAppender, type DuckDBConnection } from '@duckdb/node-api';
import type { LogRecord } from '@instep/event-log';

import type { LakeFile, Span } from '../manifest/lake-file.ts';
import { columns } from '../record/columns.ts';
import { readEnvelope, writeValue, type Envelope } from '../record/envelope.ts';
import { isCanonicalTime } from '../record/times.ts';

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

/** Turns records into one Parquet file. One at a time; several stages of one instance work side by side. */
export class Stage {
  readonly #connection: DuckDBConnection;

  private constructor(connection: DuckDBConnection) {
    this.#connection = connection;
  }

  static async open(instance: DuckDBInstance): Promise<Stage> {
    const connection = await instance.connect();
    await connection.run("SET TimeZone = 'UTC'");
    await connection.run(`CREATE TEMP TABLE stage (${columns.map(({ name, stage }) => `${name} ${stage}`).join(', ')})`);
    return new Stage(connection);
  }

  /**
   * Writes the records, of one partition and without gap, to `path`. `lastSequence`: the highest number of a record before them.
   * The same records give the same bytes.
   */
  async write(records: readonly LogRecord[], lastSequence: number, path: string): Promise<RowFacts> {
    let counted = await this.#fill(records, lastSequence, false);
    if (await this.#holdsBrokenData()) counted = await this.#fill(records, lastSequence, true);
    const times = await this.#times();
    const select = columns.map(({ name, stored }) => (name === stored ? name : `${stored} AS ${name}`)).join(', ');
    await this.#connection.run(`COPY (SELECT ${select} FROM stage) TO '${path.replaceAll("'", "''")}' (${parquet})`);
    await this.#connection.run('TRUNCATE stage');
    return { ...counted, ...times, rows: records.length };
  }

  close(): void {
    this.#connection.closeSync();
  }

  async #fill(
    records: readonly LogRecord[],
    lastSequence: number,
    carefully: boolean,
  ): Promise<Omit<RowFacts, 'rows' | 'occurred' | 'recorded' | 'faults'>> {
    await this.#connection.run('TRUNCATE stage');
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

  async #holdsBrokenData(): Promise<boolean> {
    const found = await this.#connection.runAndReadAll('SELECT 1 FROM stage WHERE NOT json_valid(data) LIMIT 1');
    return found.currentRowCount > 0;
  }

  async #times(): Promise<{ occurred: Span | null; recorded: Span | null; faults: number }> {
    const iso = (of: string) => `strftime(${of}, '%Y-%m-%dT%H:%M:%S.%fZ')`;
    const span = (name: string) =>
      `${iso(`min(TRY_CAST(${name} AS TIMESTAMPTZ))`)} AS ${name}_from, ${iso(`max(TRY_CAST(${name} AS TIMESTAMPTZ))`)} AS ${name}_to`;
    const fault = columns.find(({ name }) => name === 'fault')?.stored ?? 'fault';
    const read = await this.#connection.runAndReadAll(
      `SELECT ${span('occurred_at')}, ${span('recorded_at')}, count(*) FILTER (WHERE (${fault}) IS NOT NULL)::INTEGER AS faults FROM stage`,
    );
    const [occurredFrom, occurredTo, recordedFrom, recordedTo, faults] = read.getRowsJson()[0] ?? [];
    return { occurred: spanOf(occurredFrom, occurredTo), recorded: spanOf(recordedFrom, recordedTo), faults: Number(faults ?? 0) };
  }
}

function spanOf(from: unknown, to: unknown): Span | null {
  return typeof from === 'string' && typeof to === 'string' ? { from, to } : null;
}

/** Appends in the order of `columns`. Gives the version of the event, `order.placed/1`, or `(no event)`. */
function appendRecord(to: DuckDBAppender, record: LogRecord, repeated: boolean, carefully: boolean): string {
  const value = record.value.toString('utf8');
  const read = readEnvelope(value, carefully);
  const event: Partial<Envelope> = read ?? {};
  to.appendVarchar(record.topic);
  to.appendInteger(record.partition);
  to.appendBigInt(BigInt(record.offset));
  text(to, event.time);
  text(to, event.recordedtime);
  to.appendBigInt(BigInt(record.timestamp));
  text(to, event.id);
  text(to, event.type ?? record.type);
  whole(to, event.typeVersion);
  text(to, event.tenant);
  to.appendVarchar(record.key);
  text(to, event.subject);
  whole(to, event.streamversion);
  whole(to, record.sequence?.epoch);
  if (record.sequence) to.appendBigInt(BigInt(record.sequence.n));
  else to.appendNull();
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
  bytesIfNeeded(to, record, value, read);
  if (record.sequence?.serial === undefined) to.appendNull();
  else to.appendBigInt(BigInt(record.sequence.serial));
  whole(to, event.causeend);
  text(to, record.type === event.type ? undefined : (record.type ?? ''));
  text(to, read && !isCanonicalTime(read.time) ? read.time : undefined);
  to.endRow();
  return read?.dataschema ?? '(no event)';
}

/** The bytes as they are, where the columns would not give them back. */
function bytesIfNeeded(to: DuckDBAppender, record: LogRecord, value: string, read: Envelope | undefined): void {
  if (read && isCanonicalTime(read.recordedtime) && isUtf8(record.value) && writeValue(read) === value) to.appendNull();
  else to.appendBlob(record.value);
}

function text(to: DuckDBAppender, value: string | undefined): void {
  if (value === undefined) to.appendNull();
  else to.appendVarchar(value);
}

function whole(to: DuckDBAppender, value: number | undefined): void {
  if (value === undefined) to.appendNull();
  else to.appendInteger(value);
}
