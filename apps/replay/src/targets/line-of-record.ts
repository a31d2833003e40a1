import { isUtf8 } from 'node:buffer';

import type { LogRecord } from '@instep/event-log';

/**
 * A record as one line of JSON. The event stands in it with exactly the bytes that it has in the log, so that no number is rounded; what is no
 * JSON of one line is kept as base64.
 */
export function lineOf({ topic, partition, offset, key, type, sequence, timestamp, value }: LogRecord): string {
  const head = JSON.stringify({ topic, partition, offset, key, type: type ?? null, sequence: sequence ?? null, timestamp });
  const text = eventText(value);
  const content = text === undefined ? `"value":"${value.toString('base64')}"` : `"event":${text}`;
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
