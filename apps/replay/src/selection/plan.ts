import { findVersion } from '@instep/contracts';
import type { LogRecord } from '@instep/event-log';
import { readEnvelope, type LakeFile } from '@instep/lake/log';

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
  /** Versions of events among the taken ones which this release does not know. */
  readonly unknownVersions: readonly string[];
}

/**
 * Counts what the selection takes. Where places alone decide, files that are read whole are not opened; else every record is looked at, and
 * `progress` is told how many.
 */
export async function planOf(source: Source, selection: Selection, progress?: (read: number) => void): Promise<Plan> {
  const perTopic = new Map<string, Sum>();
  const unknown = new Set<string>();
  const matches = matcherOf(selection);
  let read = 0;
  for (const range of selection.ranges) {
    const { topic, partition, to } = range;
    const sum = perTopic.get(topic) ?? { topic, events: 0, bytes: 0 };
    perTopic.set(topic, sum);
    const files = filesOf(source, range);
    const whole = isFiltered(selection) ? [] : wholeFiles(files, range);
    for (const { events, rows, valueBytes } of whole) {
      add(sum, rows, valueBytes);
      for (const name of unknownIn(events)) unknown.add(name);
    }
    const from = (whole.at(-1)?.last ?? range.from - 1) + 1;
    const suspect = firstSuspect(files, range);
    for await (const records of from < to ? source.log.read({ topic, partition }, from, to) : []) {
      const taken = records.filter(matches);
      for (const { value } of taken) add(sum, 1, value.length);
      for (const name of unknownAmong(taken.filter(({ offset }) => offset >= suspect))) unknown.add(name);
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

/** The files at the begin of the range that belong to it whole. */
function wholeFiles(files: readonly LakeFile[], { from, to }: OffsetRange): readonly LakeFile[] {
  let at = from;
  const partly = files.findIndex(({ first, last }) => {
    if (first !== at || last >= to) return true;
    at = last + 1;
    return false;
  });
  return partly < 0 ? files : files.slice(0, partly);
}

function unknownIn(events: LakeFile['events']): readonly string[] {
  return Object.keys(events).filter((version) => !isKnown(version));
}

/** Most files say that they hold nothing unknown, and then their records need not be asked; what lies behind the files says nothing. */
function firstSuspect(files: readonly LakeFile[], { from }: OffsetRange): number {
  if (files.some(({ events }) => unknownIn(events).length > 0)) return from;
  return (files.at(-1)?.last ?? from - 1) + 1;
}

function unknownAmong(records: readonly LogRecord[]): readonly string[] {
  return records.flatMap(({ value }) => readEnvelope(value.toString('utf8'))?.dataschema ?? []).filter((version) => !isKnown(version));
}

function isKnown(version: string): boolean {
  return version === '(no event)' || findVersion(version) !== undefined;
}

function add(sum: Sum, events: number, bytes: number): void {
  sum.events += events;
  sum.bytes += bytes;
}
