import { isUtf8 } from 'node:buffer';

import type { LogRecord } from '@instep/event-log';

/**
 * A record as one line of JSON. The event stands in it with exactly the bytes that it has in the log, so that no number is rounded; what is no
 * JSON of one line is kept as base64.
 */
export function lineOf(record: LogRecord): string {
  const text = eventText(record.value);
  return lineWith(headOf(record), text === undefined ? `"value":"${record.value.toString('base64')}"` : `"event":${text}`);
}

/**
 * The same for the making of rows. The event is base64 here, so that the reader of the line takes it for a text and not for JSON: it would
 * write the numbers anew, and has no way to hold half a character (`\ud800` alone).
 */
export function rowLineOf(record: LogRecord): string {
  const { key, type, value } = record;
  const head = headOf({ ...record, key: key.toWellFormed(), type: type?.toWellFormed() });
  return lineWith(head, `"${eventText(value) === undefined ? 'value' : 'event'}":"${value.toString('base64')}"`);
}

function headOf({ topic, partition, offset, key, type, sequence, timestamp }: LogRecord): string {
  return JSON.stringify({ topic, partition, offset, key, type: type ?? null, sequence: sequence ?? null, timestamp });
}

function lineWith(head: string, content: string): string {
  return `${head.slice(0, -1)},${content}}\n`;
}

function eventText(value: Buffer): string | undefined {
  if (!isUtf8(value)) return undefined;
  const text = value.toString('utf8');
  if (!text.startsWith('{') || text.includes('\n') || text.includes('\r')) return undefined;
  try {
    JSON.parse(text);
    return text;
  } catch {
    return undefined;
  }
}
