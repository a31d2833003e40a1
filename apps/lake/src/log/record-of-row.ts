import { DuckDBBlobValue, type DuckDBValue } from '@duckdb/node-api';
import type { LogRecord, Sequence, TopicPartition } from '@instep/event-log';

import { writeValue } from '../record/envelope.ts';
import { isoText, timeText } from './value-in-sql.ts';

/** What is read of a row whose value SQL does not write, in the order in which `recordOf` takes it. Where the bytes were kept, they are the value. */
export const rowColumns = [
  ...['off::DOUBLE', 'key', 'epoch_ms(appended_at)::DOUBLE', 'epoch', 'seq::DOUBLE', 'serial::DOUBLE', 'type', 'header_type', 'value'],
  ...['id', 'source', 'subject', timeText, 'type_version', 'tenant', 'stream_version', isoText('recorded_at')],
  ...['correlation_id', 'causation_id', 'cause_position', 'cause_end', 'actor', 'traceparent', 'tracestate', 'data'],
].join(', ');

/** The record that a row was made of, byte for byte. */
export function recordOf({ topic, partition }: TopicPartition, row: readonly DuckDBValue[]): LogRecord {
  const [offset, key, appended, epoch, n, serial, type, headerType, value] = row;
  return {
    ...{ topic, partition, offset: Number(offset), key: key as string, timestamp: Number(appended) },
    type: headerType === null ? orUndefined<string>(type) : headerType === '' ? undefined : (headerType as string),
    sequence: sequenceOf(epoch, n, serial),
    value: Buffer.from(value instanceof DuckDBBlobValue ? value.bytes : valueOf(row)),
  };
}

function sequenceOf(epoch: DuckDBValue | undefined, n: DuckDBValue | undefined, serial: DuckDBValue | undefined): Sequence | undefined {
  if (typeof epoch !== 'number' || typeof n !== 'number') return undefined;
  return typeof serial === 'number' ? { epoch, n, serial } : { epoch, n };
}

function valueOf(row: readonly DuckDBValue[]): string {
  const type = row[6] as string;
  const [id, source, subject, happened, typeVersion, tenant, streamversion, recordedtime, ...rest] = row.slice(9);
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
