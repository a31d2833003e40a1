import { topics as contractTopics } from '@instep/contracts';
import { partitionName } from '@instep/event-log';

import { ReplayFault } from '../fault.ts';
import type { Source } from '../source/source.ts';
import { recordedAt } from './recorded-at.ts';
import type { OffsetRange } from './selection.ts';
import { withoutLooseEffects, type PartitionCut } from './without-loose-effects.ts';

/**
 * The whole log up to a moment: in each partition all before the first record that was recorded then or later, and before the first one whose
 * cause is left out by that. `until`: ms since 1970; the end of the log without it. Throws `ReplayFault` when nothing was recorded before it.
 */
export async function historyUpTo(source: Source, until: number | undefined): Promise<readonly OffsetRange[]> {
  const { log } = source;
  const before = new Map<string, number>();
  for (const topic of Object.keys(contractTopics))
    for (const { partition, next } of await log.bounds(topic)) before.set(partitionName({ topic, partition }), next);
  const cuts: PartitionCut[] = [];
  for (const topic of Object.keys(contractTopics)) {
    for (const { partition, next } of await log.bounds(topic)) {
      const to = until === undefined ? next : await firstSince(source, { topic, partition, from: 0, to: next }, until);
      cuts.push({ topic, partition, to, next, before: before.get(partitionName({ topic, partition })) ?? 0 });
    }
  }
  const ends = await withoutLooseEffects(log, cuts, ({ topic, to, before: known }) => {
    if (!isCaused(topic)) return to;
    return until === undefined ? known : 0;
  });
  const ranges = cuts
    .map(({ topic, partition }) => ({ topic, partition, from: 0, to: ends.get(partitionName({ topic, partition })) ?? 0 }))
    .filter(({ to }) => to > 0);
  if (until !== undefined && ranges.length === 0)
    throw new ReplayFault(
      'replay/bad-option',
      `Nothing was recorded before ${new Date(until).toISOString()}: name a later moment with --until.`,
    );
  return ranges;
}

/** What came from outside follows from nothing in the log. */
function isCaused(topic: string): boolean {
  return contractTopics[topic as keyof typeof contractTopics].sequenced;
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
