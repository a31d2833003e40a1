import type { EventLog, PartitionBounds, TopicPartition } from '@instep/event-log';

/**
 * The offset of the first record that was sent at this time or later, by halving; the end when there is none. Writers' clocks differ, so
 * near the answer a record may lie on the other side.
 */
export async function offsetAt(
  log: EventLog,
  target: TopicPartition,
  bounds: Omit<PartitionBounds, 'partition'>,
  time: Date,
): Promise<number> {
  let low = bounds.first;
  for (let high = bounds.next; low < high;) {
    const middle = Math.floor((low + high) / 2);
    if ((await sentAt(log, target, middle)) < time.getTime()) low = middle + 1;
    else high = middle;
  }
  return low;
}

async function sentAt(log: EventLog, target: TopicPartition, offset: number): Promise<number> {
  for await (const records of log.read(target, offset, offset + 1)) {
    for (const { timestamp } of records) return timestamp;
  }
  return Number.POSITIVE_INFINITY;
}
