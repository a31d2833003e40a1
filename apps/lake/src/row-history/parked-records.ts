import { decodeEvent, findEvent } from '@instep/contracts';
import { ParkStory, type DepartmentDefinition } from '@instep/department';
import type { LogReader } from '@instep/event-log';

import { LakeFault } from '../fault.ts';
import { HISTORY_REMEDY } from './history-manifest.ts';
import type { Reached } from './order-of-knowledge.ts';

/**
 * What a service parked, known before the parked records themselves are read: they are no part of its tables until they are redriven. Throws
 * `LakeFault` when it parked what was folded already, which happens when it had been away for long.
 */
export async function parkedBy({ service }: DepartmentDefinition, log: LogReader, folded: Reached): Promise<ParkStory> {
  const story = new ParkStory();
  const type = `${service}.dead-letter`;
  const topic = findEvent(type)?.topic;
  if (topic === undefined) return story;
  const offsets = new Map(folded.partitions.map(({ topic: name, partition, nextOffset }) => [`${name}/${partition}`, nextOffset]));
  for (const { partition, next } of await log.bounds(topic)) {
    for await (const records of log.read({ topic, partition }, 0, next)) {
      for (const record of records) {
        if (record.type !== type) continue;
        const event = decodeEvent(record.value);
        story.note(event);
        const parked = event.data as { readonly topic: string; readonly partition: number; readonly offset: number };
        const isNew = record.offset >= (offsets.get(`${topic}/${partition}`) ?? 0);
        if (isNew && parked.offset < (offsets.get(`${parked.topic}/${parked.partition}`) ?? 0))
          throw new LakeFault(
            'lake/history-stale',
            `${service} parked ${parked.topic}/${parked.partition} offset ${parked.offset} after the row history had counted it: ${HISTORY_REMEDY}.`,
          );
      }
    }
  }
  return story;
}
