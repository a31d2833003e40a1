import type { TopicPartition } from './record.ts';

/** How keys, cuts and sentences spell a partition: `orders/0`. */
export function partitionName({ topic, partition }: TopicPartition): string {
  return `${topic}/${String(partition)}`;
}
