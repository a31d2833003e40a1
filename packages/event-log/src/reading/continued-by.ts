import { OffsetOutOfRange } from '../faults.ts';
import { partitionName } from '../partition-name.ts';
import type { LogRecord, TopicPartition } from '../record.ts';
import type { LogReader } from './log-reader.ts';

/**
 * One log out of a copy of its beginning and itself: what the copy holds is read from the copy, and the rest, from exactly the next offset
 * on, from the log. Throws `OffsetOutOfRange` where the two do not fit: something between them is missing, or the copy is of another log
 * (it is longer, or its last record is another one).
 */
export function continuedBy(copy: LogReader, log: LogReader): LogReader {
  const met = new Map<string, Promise<number>>();

  /** Where the log takes over. */
  function seam(target: TopicPartition): Promise<number> {
    const name = partitionName(target);
    const known = met.get(name) ?? meet(copy, log, target);
    met.set(name, known);
    known.catch(() => met.delete(name));
    return known;
  }

  return {
    async bounds(topic) {
      const bounds = await log.bounds(topic);
      return Promise.all(
        bounds.map(async ({ partition, first, next }) => ({
          partition,
          first: (await seam({ topic, partition })) > 0 ? 0 : first,
          next,
        })),
      );
    },
    async *read(target, from, to) {
      const at = await seam(target);
      if (from < at) yield* copy.read(target, from, Math.min(to, at));
      if (to > at || from > at) yield* log.read(target, Math.max(from, at), to);
    },
  };
}

async function meet(copy: LogReader, log: LogReader, target: TopicPartition): Promise<number> {
  const { topic, partition } = target;
  const name = partitionName(target);
  const at = await endOf(copy, target);
  if (at === 0) return 0;
  const bounds = (await log.bounds(topic)).find((each) => each.partition === partition);
  if (!bounds) throw new OffsetOutOfRange(`the copy has a partition ${name} and the log has none: it is of another log`);
  if (bounds.first > at)
    throw new OffsetOutOfRange(
      `the copy of ${name} ends at ${String(at)} and the log begins at ${String(bounds.first)}: what lies between is gone`,
    );
  if (bounds.next < at)
    throw new OffsetOutOfRange(`the copy of ${name} ends at ${String(at)} and the log at ${String(bounds.next)}: it is of another log`);
  if (bounds.first < at) {
    const [inCopy, inLog] = await Promise.all([recordAt(copy, target, at - 1), recordAt(log, target, at - 1)]);
    if (inCopy?.key !== inLog?.key || !inCopy?.value.equals(inLog?.value ?? Buffer.alloc(0)))
      throw new OffsetOutOfRange(`offset ${String(at - 1)} of ${name} is another record in the copy than in the log: it is of another log`);
  }
  return at;
}

async function endOf(copy: LogReader, { topic, partition }: TopicPartition): Promise<number> {
  try {
    return (await copy.bounds(topic)).find((each) => each.partition === partition)?.next ?? 0;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === 'log/unknown-topic') return 0;
    throw error;
  }
}

async function recordAt(log: LogReader, target: TopicPartition, offset: number): Promise<LogRecord | undefined> {
  for await (const [record] of log.read(target, offset, offset + 1)) return record;
  return undefined;
}
