import { LogUnavailable, type EventLog, type LogRecord, type NewRecord } from '@instep/event-log';

import { ReplayFault } from '../fault.ts';
import type { Mark } from '../job/job.ts';
import type { Sink } from './sink.ts';

const attempts = 10;

/**
 * A topic of its own that holds copies: same keys, types, numbers and bytes, each record in the partition of the number that it came from.
 * How many records lie there tells how far a killed run came, so nothing is there twice.
 */
export function topicSink(log: EventLog, topic: string): Sink {
  /** Per partition: records that the replay has handed over since it began, and records that lie in the topic. */
  const handed = new Map<number, number>();
  const stored = new Map<number, number>();

  async function look(): Promise<void> {
    for (const { partition, next } of await log.bounds(topic)) stored.set(partition, next);
  }

  /** Hands over those that do not lie there yet; after an answer that did not come, the topic itself says which. */
  async function append(partition: number, records: readonly NewRecord[]): Promise<void> {
    const before = handed.get(partition) ?? 0;
    const after = before + records.length;
    for (let left = attempts; ; left -= 1) {
      const there = stored.get(partition) ?? 0;
      if (there >= after) break;
      if (there < before)
        throw new ReplayFault(
          'replay/target-changed',
          `${topic}/${String(partition)} holds ${String(there)} records where ${String(before)} were written: somebody removed some. Replay into another topic.`,
        );
      try {
        await log.append({ topic, partition }, records.slice(there - before));
        stored.set(partition, after);
      } catch (error) {
        if (!(error instanceof LogUnavailable) || left <= 1) throw error;
        await look();
      }
    }
    handed.set(partition, after);
  }

  return {
    name: topic,
    resume: async (mark) => {
      for (const [partition, count] of Object.entries(mark)) handed.set(Number(partition), count);
      await look();
    },
    write: async (records: readonly LogRecord[]) => {
      for (const [partition, group] of Map.groupBy(records, (record) => record.partition)) {
        await append(
          partition,
          group.map(({ key, type, sequence, value }) => ({ key, type: type ?? '', sequence, value })),
        );
      }
    },
    // An append has resolved when every replica has it.
    flush: async (): Promise<Mark> => Object.fromEntries([...handed].map(([partition, count]) => [String(partition), count])),
    finish: async () => undefined,
    // A topic is not taken away by a program: whoever may do that does it by hand.
    discard: async () => undefined,
    close: async () => undefined,
  };
}
