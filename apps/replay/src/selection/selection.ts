import type { LogRecord, TopicPartition } from '@instep/event-log';

import { recordedAt } from './recorded-at.ts';

/** Records `from` up to but not including `to`. */
export interface OffsetRange extends TopicPartition {
  readonly from: number;
  readonly to: number;
}

/** What of the history is replayed. Fixed when the replay is planned, so that it is the same however often it is resumed. */
export interface Selection {
  /** In the order in which they are read. */
  readonly ranges: readonly OffsetRange[];
  /** Names of events; all when undefined. */
  readonly types?: readonly string[] | undefined;
  readonly tenants?: readonly string[] | undefined;
  /** Whole keys (`<tenant>/<stream id>`) or stream ids. */
  readonly keys?: readonly string[] | undefined;
  /** When it was recorded, milliseconds since 1970: at or after, and before. */
  readonly since?: number | undefined;
  readonly until?: number | undefined;
}

/** Whether anything but its place decides if a record is taken. */
export function isFiltered({ types, tenants, keys, since, until }: Selection): boolean {
  return [types, tenants, keys, since, until].some((filter) => filter !== undefined);
}

/** A test of single records. A record that says no time is outside of every span of time. */
export function matcherOf({ types, tenants, keys, since, until }: Selection): (record: LogRecord) => boolean {
  const tests: ((record: LogRecord) => boolean)[] = [];
  if (types) tests.push(({ type }) => type !== undefined && types.includes(type));
  if (tenants) tests.push(({ key }) => tenants.includes(key.slice(0, Math.max(0, key.indexOf('/')))));
  if (keys) {
    const wanted = new Set(keys);
    tests.push(({ key }) => wanted.has(key) || wanted.has(key.slice(key.indexOf('/') + 1)));
  }
  if (since !== undefined || until !== undefined) {
    tests.push((record) => {
      const at = recordedAt(record);
      return at >= (since ?? Number.NEGATIVE_INFINITY) && at < (until ?? Number.POSITIVE_INFINITY);
    });
  }
  return (record) => tests.every((test) => test(record));
}
