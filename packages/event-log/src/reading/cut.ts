import { OffsetOutOfRange } from '../faults.ts';
import { partitionName } from '../partition-name.ts';
import type { LogReader } from './log-reader.ts';
import type { TopicPartition } from '../record.ts';

/** A moment of the whole log: by `<topic>/<partition>` the offset of the first record that is not part of it. */
export type Cut = ReadonlyMap<string, number>;

/**
 * The log as it was at this moment: it ends where the cut says, and a partition that the cut does not name is empty. Reading behind the cut
 * throws `OffsetOutOfRange`, as behind any end; so does a cut that lies behind the end of the log that is cut.
 */
export function cutAt(log: LogReader, cut: Cut): LogReader {
  const endOf = (target: TopicPartition): number => cut.get(partitionName(target)) ?? 0;
  return {
    async bounds(topic) {
      return (await log.bounds(topic)).map(({ partition, first, next }) => {
        const end = endOf({ topic, partition });
        if (end > next)
          throw new OffsetOutOfRange(
            `the cut is at ${partitionName({ topic, partition })} offset ${String(end)}, and the log ends at ${String(next)}`,
          );
        return { partition, first: Math.min(first, end), next: end };
      });
    },
    async *read(target, from, to) {
      const end = endOf(target);
      if (from > end) throw new OffsetOutOfRange(`the cut is at ${partitionName(target)} offset ${String(end)}, before ${String(from)}`);
      yield* log.read(target, from, Math.min(to, end));
    },
  };
}

/** The moment that the log has reached, over these topics. */
export async function endOfLog(log: LogReader, topics: readonly string[]): Promise<Cut> {
  const cut = new Map<string, number>();
  for (const topic of topics) for (const { partition, next } of await log.bounds(topic)) cut.set(partitionName({ topic, partition }), next);
  return cut;
}
