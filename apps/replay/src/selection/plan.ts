import { findVersion } from '@instep/contracts';
import type { LogRecord } from '@instep/event-log';
import type { LakeFile } from '@instep/lake/log';

import type { Source } from '../source/source.ts';
import { isFiltered, matcherOf, type OffsetRange, type Selection } from './selection.ts';

/** What a replay will read and give. */
export interface Plan {
  /** Records to look at, and those of them that are taken. */
  readonly read: number;
  readonly events: number;
  /** Of the values of the taken ones, in the log. */
  readonly bytes: number;
  readonly perTopic: readonly { readonly topic: string; readonly events: number; readonly bytes: number }[];
  /** Versions of events in the files that are read which this release does not know. */
  readonly unknownVersions: readonly string[];
}

/**
 * Counts what the selection takes. Where places alone decide, files that are read whole are not opened; else every record is looked at, and
 * `progress` is told how many.
 */
export async function planOf(source: Source, selection: Selection, progress?: (read: number) => void): Promise<Plan> {
  const perTopic = new Map<string, Sum>();
  const unknown = new Set<string>();
  let read = 0;
  for (const range of selection.ranges) {
    const { topic, partition, to } = range;
    const sum = perTopic.get(topic) ?? { topic, events: 0, bytes: 0 };
    perTopic.set(topic, sum);
    const files = filesOf(source, range);
    for (const name of unknownIn(files)) unknown.add(name);
    const from = isFiltered(selection) ? range.from : addWholeFiles(sum, files, range);
    for await (const records of from < to ? source.log.read({ topic, partition }, from, to) : []) {
      addRecords(sum, records.filter(matcherOf(selection)));
      progress?.(records.length);
    }
    read += to - range.from;
  }
  const topics = [...perTopic.values()].filter(({ events }) => events > 0);
  return {
    read,
    events: topics.reduce((sum, { events }) => sum + events, 0),
    bytes: topics.reduce((sum, { bytes }) => sum + bytes, 0),
    perTopic: topics,
    unknownVersions: [...unknown].sort(),
  };
}

interface Sum {
  readonly topic: string;
  events: number;
  bytes: number;
}

function filesOf({ lake }: Source, { topic, partition, from, to }: OffsetRange): readonly LakeFile[] {
  return lake.manifest.partition(topic, partition).filter((file) => file.last >= from && file.first < to);
}

function unknownIn(files: readonly LakeFile[]): readonly string[] {
  return files.flatMap(({ events }) => Object.keys(events)).filter((version) => version !== '(no event)' && !findVersion(version));
}

/** Counts the files at the begin of the range that belong to it whole. Gives the offset behind them. */
function addWholeFiles(sum: Sum, files: readonly LakeFile[], { from, to }: OffsetRange): number {
  let at = from;
  for (const { first, last, rows, valueBytes } of files) {
    if (first !== at || last >= to) break;
    sum.events += rows;
    sum.bytes += valueBytes;
    at = last + 1;
  }
  return at;
}

function addRecords(sum: Sum, records: readonly LogRecord[]): void {
  sum.events += records.length;
  sum.bytes += records.reduce((bytes, { value }) => bytes + value.length, 0);
}
