import { DuckDBBlobValue, type DuckDBValue } from '@duckdb/node-api';
import type { LogRecord, Sequence, TopicPartition } from '@instep/event-log';

import { writeValue } from '../record/envelope.ts';

const ms = (column: string): string => `epoch_ms(${column})::DOUBLE`;

const time = `coalesce(time_text, ${isoText('occurred_at')})`;
const texts = [
  'id',
  'source',
  'subject',
  'tenant',
  'correlation_id',
  'causation_id',
  'cause_position',
  'actor',
  'traceparent',
  'tracestate',
  'type',
];

/** Nothing in it that JSON writes otherwise than it is: then DuckDB puts the value together, which is one text to hand over and not twenty. */
const isPlain = `regexp_full_match(concat_ws('', ${texts.join(', ')}, time_text), '[ !#-\\[\\]-~]*')`;

const text = (name: string, column: string): string => `'"${name}":"' || ${column} || '",'`;
const textIfAny = (name: string, column: string): string => `coalesce(${text(name, column)}, '')`;

/** As `writeValue` writes it. */
const plainValue = [
  `'{"specversion":"1.0",' || ${text('id', 'id')}`,
  textIfAny('source', 'source'),
  text('type', 'type'),
  text('subject', 'subject'),
  text('time', time),
  `'"datacontenttype":"application/json",'`,
  text('dataschema', `type || '/' || type_version`),
  text('tenant', 'tenant'),
  `coalesce('"streamversion":' || stream_version || ',', '')`,
  text('recordedtime', isoText('recorded_at')),
  text('correlationid', 'correlation_id'),
  text('causationid', 'causation_id'),
  textIfAny('causeposition', 'cause_position'),
  textIfAny('actor', 'actor'),
  textIfAny('traceparent', 'traceparent'),
  textIfAny('tracestate', 'tracestate'),
  `'"data":' || data`,
  `coalesce(',"causeend":' || cause_end, '') || '}'`,
].join(' || ');

/** For a value that DuckDB does not put together, what it is put together from. */
const parts = [
  ...['id', 'source', 'subject', time, 'type_version', 'tenant', 'stream_version', isoText('recorded_at')],
  ...['correlation_id', 'causation_id', 'cause_position', 'cause_end', 'actor', 'traceparent', 'tracestate', 'data'],
].map((column) => `CASE WHEN whole IS NULL THEN ${column} END`);

/** The value of a record whose columns are all plain. */
const whole = `CASE WHEN value IS NULL AND ${isPlain} THEN ${plainValue} END AS whole`;

/** What is read of a row, in the order in which `recordOf` takes it. Where the bytes were kept, nothing else of the value is read. */
export const rowColumns = [
  ...['off::DOUBLE', 'key', ms('appended_at'), 'epoch', 'seq::DOUBLE', 'serial::DOUBLE', 'type', 'header_type', 'value', whole],
  ...parts,
].join(', ');

function isoText(column: string): string {
  return `strftime(${column}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
}

/** The record that a row was made of, byte for byte. */
export function recordOf({ topic, partition }: TopicPartition, row: readonly DuckDBValue[]): LogRecord {
  const [offset, key, appended, epoch, n, serial, type, headerType, value, whole] = row;
  return {
    ...{ topic, partition, offset: Number(offset), key: key as string, timestamp: Number(appended) },
    type: headerType === null ? orUndefined<string>(type) : headerType === '' ? undefined : (headerType as string),
    sequence: sequenceOf(epoch, n, serial),
    value: value instanceof DuckDBBlobValue ? Buffer.from(value.bytes) : Buffer.from(typeof whole === 'string' ? whole : valueOf(row)),
  };
}

function sequenceOf(epoch: DuckDBValue | undefined, n: DuckDBValue | undefined, serial: DuckDBValue | undefined): Sequence | undefined {
  if (typeof epoch !== 'number' || typeof n !== 'number') return undefined;
  return typeof serial === 'number' ? { epoch, n, serial } : { epoch, n };
}

function valueOf(row: readonly DuckDBValue[]): string {
  const type = row[6] as string;
  const [id, source, subject, happened, typeVersion, tenant, streamversion, recordedtime, ...rest] = row.slice(10);
  const [correlationid, causationid, causeposition, causeend, actor, traceparent, tracestate, data] = rest;
  return writeValue({
    ...{ type, typeVersion: typeVersion as number },
    ...{ id: id as string, subject: subject as string, time: happened as string, tenant: tenant as string, data: data as string },
    ...{ recordedtime: recordedtime as string, correlationid: correlationid as string, causationid: causationid as string },
    source: orUndefined<string>(source),
    streamversion: orUndefined<number>(streamversion),
    causeposition: orUndefined<string>(causeposition),
    causeend: orUndefined<number>(causeend),
    actor: orUndefined<string>(actor),
    traceparent: orUndefined<string>(traceparent),
    tracestate: orUndefined<string>(tracestate),
  });
}

function orUndefined<T>(value: DuckDBValue | undefined): T | undefined {
  return value === null || value === undefined ? undefined : (value as T);
}
