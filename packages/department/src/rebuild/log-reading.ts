import { partitionName, type LogRecord, type Sequence, type TopicPartition } from '@instep/event-log';

import { placeOf } from '../place-in-sequence.ts';
import type { DepartmentIndex } from '../department-index.ts';
import type { Position, Store } from '../store.ts';
import { noSequence } from '../work-items.ts';

/** The log of a service's own topic does not hold what its numbers promise. */
export class LogIncomplete extends Error {
  readonly code = 'rebuild/log-incomplete';
  readonly transient = false;
}

/** Where a consumer stands in a partition. */
export type ReadPosition = Pick<Position, 'topic' | 'partition' | 'nextOffset'>;

/** How far a partition is read; moves on with every batch. */
export interface Reading {
  readonly target: TopicPartition;
  offset: number;
  sequence: Sequence;
}

export const batchSize = 1_000;

export function readingOf(readings: Map<string, Reading>, target: TopicPartition): Reading {
  const name = partitionName(target);
  const known = readings.get(name) ?? { target, offset: 0, sequence: noSequence };
  readings.set(name, known);
  return known;
}

/** Sets the readings to the positions that the store has of them. */
export async function resumeReadings(
  readings: ReadonlyMap<string, Reading>,
  { definition: { consumer } }: DepartmentIndex,
  store: Store,
): Promise<void> {
  const wanted = { positions: [...readings.values()].map(({ target }) => target), streams: [], rows: [], keys: [], requests: [] };
  for (const { topic, partition, nextOffset, lastSequence } of (await store.load({ consumer, ...wanted })).positions) {
    const reading = readings.get(partitionName({ topic, partition }));
    if (!reading) continue;
    reading.offset = nextOffset;
    reading.sequence = lastSequence;
  }
}

export function positionOf({ target, offset, sequence: { epoch, n } }: Reading): Position {
  return { ...target, nextOffset: offset, lastSequence: { epoch, n } };
}

/** Moves the reading behind these records and gives those that were not read before. Throws LogIncomplete at a gap. */
export function passOver(reading: Reading, records: readonly LogRecord[]): readonly LogRecord[] {
  return records.filter(({ offset, sequence }) => {
    reading.offset = offset + 1;
    if (!sequence) return true;
    const place = placeOf(sequence, reading.sequence);
    if (place === 'repeated') return false;
    if (place === 'gap') {
      throw new LogIncomplete(
        `${partitionName(reading.target)} offset ${String(offset)} carries number ${String(sequence.n)} after ${String(reading.sequence.n)}`,
      );
    }
    reading.sequence = sequence;
    return true;
  });
}
