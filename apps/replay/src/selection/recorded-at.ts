import type { LogRecord } from '@instep/event-log';
import { readEnvelope } from '@instep/lake/log';

/** NaN for what says no time. */
export function recordedAt({ value }: LogRecord): number {
  const time = readEnvelope(value.toString('utf8'))?.recordedtime;
  return time === undefined ? Number.NaN : Date.parse(time);
}
