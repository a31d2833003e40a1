import { findEvent, topics as contractTopics } from '@instep/contracts';
import { partitionName } from '@instep/event-log';

import { ReplayFault } from '../fault.ts';
import type { Source } from '../source/source.ts';
import type { OffsetRange, Selection } from './selection.ts';

/** What a person asks for. */
export interface Choice {
  readonly topics: readonly string[] | undefined;
  readonly types: readonly string[] | undefined;
  readonly tenants: readonly string[] | undefined;
  readonly keys: readonly string[] | undefined;
  readonly since: number | undefined;
  readonly until: number | undefined;
  readonly offsets: readonly OffsetRange[] | undefined;
}

/** Makes of it a selection with fixed ends, as the source stands now. */
export async function choose(source: Source, choice: Choice): Promise<Selection> {
  const { types, tenants, keys, since, until, offsets } = choice;
  const unknown = types?.find((type) => findEvent(type) === undefined);
  if (unknown !== undefined)
    throw new ReplayFault('replay/bad-option', `No contract names an event "${unknown}": docs/reference/events lists them.`);
  if (since !== undefined && until !== undefined && since >= until)
    throw new ReplayFault('replay/bad-option', 'Nothing lies between --since and --until: --since must be the earlier one.');
  const ranges = offsets ? await wholeRanges(source, united(offsets)) : await rangesOf(source, choice);
  return { ranges, types, tenants, keys, since, until };
}

async function rangesOf(source: Source, { topics, types, since, until }: Choice): Promise<readonly OffsetRange[]> {
  const ranges: OffsetRange[] = [];
  for (const topic of new Set(topics ?? topicsOf(types))) {
    for (const { partition, next } of await boundsOf(source, topic, topics !== undefined)) {
      const files = source.lake.manifest.partition(topic, partition);
      // Files that end before, or begin after, are not opened. Times within a file need not rise, so what is left is looked at one by one.
      const firstFile = files.find(({ recorded }) => since === undefined || recorded === null || Date.parse(recorded.to) >= since);
      const lastFile = files.findLast(({ recorded }) => until === undefined || recorded === null || Date.parse(recorded.from) < until);
      const end = (files.at(-1)?.last ?? -1) + 1;
      const from = firstFile ? firstFile.first : end;
      // Nobody knows the times of what the log has behind the files, so it is looked at too.
      const to = lastFile === files.at(-1) || next > end ? next : (lastFile?.last ?? -1) + 1;
      if (from < to) ranges.push({ topic, partition, from, to });
    }
  }
  return ranges;
}

/** Topics that hold events of these types; all when none is named. */
function topicsOf(types: readonly string[] | undefined): readonly string[] {
  if (types === undefined) return Object.keys(contractTopics);
  return [...new Set(types.flatMap((type) => findEvent(type)?.topic ?? []))];
}

async function boundsOf({ log, lake }: Source, topic: string, named: boolean) {
  try {
    return await log.bounds(topic);
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'log/unknown-topic') throw error;
    if (lake.manifest.files().some((file) => file.topic === topic))
      throw new ReplayFault(
        'replay/bad-option',
        `The lake holds records of ${topic}, and the log has no such topic: it is another log. Name the right one with KAFKA_BROKERS, or read the lake alone with --no-log.`,
        error,
      );
    if (named)
      throw new ReplayFault(
        'replay/bad-option',
        `There is no topic "${topic}" in the lake: there are ${Object.keys(contractTopics).join(', ')}.`,
      );
    return [];
  }
}

/** Each record once: ranges of a partition that meet or overlap are one. Partitions stay in the order in which they were named. */
function united(ranges: readonly OffsetRange[]): readonly OffsetRange[] {
  return [...Map.groupBy(ranges, partitionName).values()].flatMap((named) => {
    const kept: OffsetRange[] = [];
    for (const range of named.toSorted((one, other) => one.from - other.from)) {
      const before = kept.at(-1);
      if (before && range.from <= before.to) kept[kept.length - 1] = { ...before, to: Math.max(before.to, range.to) };
      else kept.push(range);
    }
    return kept;
  });
}

async function wholeRanges(source: Source, offsets: readonly OffsetRange[]): Promise<readonly OffsetRange[]> {
  const ranges: OffsetRange[] = [];
  for (const { topic, partition, from, to } of offsets) {
    const found = (await boundsOf(source, topic, true)).find((each) => each.partition === partition);
    if (!found) throw new ReplayFault('replay/bad-option', `${topic} has no partition ${String(partition)}.`);
    if (found.next === 0 && to !== Number.MAX_SAFE_INTEGER)
      throw new ReplayFault('replay/bad-option', `${topic}/${String(partition)} is empty: name another one.`);
    if (from < found.first || from > found.next || (to !== Number.MAX_SAFE_INTEGER && to > found.next))
      throw new ReplayFault(
        'replay/bad-option',
        `${topic}/${String(partition)} holds offsets ${String(found.first)} to ${String(found.next - 1)}: name some of these.`,
      );
    ranges.push({ topic, partition, from, to: Math.min(to, found.next) });
  }
  return ranges;
}
