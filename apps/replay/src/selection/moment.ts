import { topics as contractTopics } from '@instep/contracts';

import type { Source } from '../source/source.ts';
import { recordedAt } from './recorded-at.ts';
import type { OffsetRange } from './selection.ts';

/** The whole log up to a moment: in each partition all before the first record that was recorded then or later. `until`: ms since 1970. */
export async function historyUpTo(source: Source, until: number | undefined): Promise<readonly OffsetRange[]> {
  const ranges: OffsetRange[] = [];
  for (const topic of Object.keys(contractTopics)) {
    for (const { partition, next } of await source.log.bounds(topic)) {
      const to = until === undefined ? next : await firstSince(source, { topic, partition, from: 0, to: next }, until);
      if (to > 0) ranges.push({ topic, partition, from: 0, to });
    }
  }
  return ranges;
}

async function firstSince({ log, lake }: Source, range: OffsetRange, until: number): Promise<number> {
  const files = lake.manifest.partition(range.topic, range.partition);
  const first = files.find(({ recorded }) => recorded !== null && Date.parse(recorded.to) >= until);
  const from = first ? first.first : (files.at(-1)?.last ?? -1) + 1;
  if (from >= range.to) return range.to;
  for await (const records of log.read(range, from, range.to)) {
    const found = records.find((record) => recordedAt(record) >= until);
    if (found) return found.offset;
  }
  return range.to;
}
