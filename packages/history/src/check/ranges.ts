import { topics, type TopicDefinition } from '@instep/contracts';
import { UnknownTopic, type EventLog, type PartitionBounds, type TopicPartition } from '@instep/event-log';

import type { Findings } from './finding.ts';
import { offsetAt } from './offset-at.ts';

/** A part of one partition, to be read whole. */
export interface PartitionRange extends TopicPartition {
  readonly definition: TopicDefinition;
  /** Partitions of the topic. */
  readonly partitions: number;
  readonly from: number;
  readonly to: number;
  /** Whether it reaches the end of the partition as it was when asked. */
  readonly whole: boolean;
}

export interface RangeWanted {
  readonly topics?: readonly string[];
  readonly partition?: number;
  readonly from?: number | Date;
  readonly to?: number | Date;
}

export async function rangesOf(log: EventLog, wanted: RangeWanted, findings: Findings): Promise<readonly PartitionRange[]> {
  const ranges: PartitionRange[] = [];
  for (const name of wanted.topics ?? Object.keys(topics)) {
    const definition: TopicDefinition | undefined = Object.values(topics).find((topic) => topic.name === name);
    if (!definition) throw new UnknownTopic(`no contract names a topic "${name}"`);
    const bounds = await log.bounds(name);
    if (bounds.length !== definition.partitions) {
      const counts = `it has ${String(bounds.length)} partitions, the contract says ${String(definition.partitions)}`;
      findings.add('partition-count', { topic: name, partition: 0 }, undefined, `${counts}: keys lie where nobody looks for them`);
    }
    for (const each of bounds) {
      if (wanted.partition !== undefined && each.partition !== wanted.partition) continue;
      const target = { topic: name, partition: each.partition };
      if (each.first > 0)
        findings.add('history-cut', target, undefined, `it begins at offset ${String(each.first)}: what lay before was removed`);
      const from = Math.max(each.first, await placeOf(log, target, each, wanted.from, each.first));
      const to = Math.max(from, Math.min(each.next, await placeOf(log, target, each, wanted.to, each.next)));
      // A range that begins behind the end of this partition is empty here; another partition may be longer.
      const range = from > each.next ? { from: each.next, to: each.next } : { from, to };
      ranges.push({ ...target, definition, partitions: bounds.length, ...range, whole: to === each.next && from === each.first });
    }
  }
  return ranges;
}

async function placeOf(
  log: EventLog,
  target: TopicPartition,
  bounds: PartitionBounds,
  wanted: number | Date | undefined,
  otherwise: number,
): Promise<number> {
  if (wanted === undefined) return otherwise;
  return typeof wanted === 'number' ? wanted : offsetAt(log, target, bounds, wanted);
}
