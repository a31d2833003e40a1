import { LogUnavailable, type EventLog, type LogRecord, type NewRecord } from '@instep/event-log';

import { ReplayFault } from '../fault.ts';
import type { Mark } from '../job/job.ts';
import type { Sink } from './sink.ts';

const attempts = 10;

/**
 * A topic of its own that holds copies: same keys, types, numbers and bytes, each record in the partition of the number that it came from.
 * How many records lie there tells how far a killed run came, so nothing is there twice. What lies there and was not noted counts as ours only
 * if it is the same as what we would write; a topic that holds anything else is never given out as a copy.
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
    let compared = before;
    for (let left = attempts; ; left -= 1) {
      const there = stored.get(partition) ?? 0;
      if (there < before) throw changed(`holds ${String(there)} records where ${String(before)} were written`, partition);
      const until = Math.min(there, after);
      if (until > compared) await compare(partition, compared, records.slice(compared - before, until - before));
      compared = until;
      if (until === after) break;
      try {
        const { firstOffset } = await log.append({ topic, partition }, records.slice(until - before));
        // Nobody else's records lie between.
        if (firstOffset === until) compared = after;
        stored.set(partition, firstOffset + after - until);
      } catch (error) {
        if (!(error instanceof LogUnavailable) || left <= 1) throw error;
        await look();
      }
    }
    handed.set(partition, after);
  }

  /** Those that lie there from `from` on are the same, or somebody else wrote them. */
  async function compare(partition: number, from: number, records: readonly NewRecord[]): Promise<void> {
    let at = 0;
    for await (const batch of log.read({ topic, partition }, from, from + records.length))
      for (const record of batch) {
        if (!isSame(record, records[at]))
          throw changed(`holds a record at offset ${String(record.offset)} that is none of ours`, partition);
        at += 1;
      }
    if (at < records.length)
      throw changed(`holds ${String(from + at)} records where ${String(from + records.length)} were seen`, partition);
  }

  function changed(what: string, partition: number): ReplayFault {
    return new ReplayFault(
      'replay/target-changed',
      `${topic}/${String(partition)} ${what}: somebody else writes to this topic or removes records of it. Replay into another topic.`,
    );
  }

  return {
    name: topic,
    resume: async (mark) => {
      for (const [partition, count] of Object.entries(mark)) handed.set(Number(partition), count);
      await look();
    },
    write: async (records: readonly LogRecord[]) => {
      for (const [partition, group] of Map.groupBy(records, (record) => record.partition)) await append(partition, group.map(copyOf));
    },
    // An append has resolved when every replica has it.
    flush: async (): Promise<Mark> => Object.fromEntries([...handed].map(([partition, count]) => [String(partition), count])),
    finish: async () => {
      await look();
      for (const [partition, there] of stored) {
        const ours = handed.get(partition) ?? 0;
        if (there !== ours) throw changed(`holds ${String(there)} records and ${String(ours)} of them are ours`, partition);
      }
    },
    // A topic is not taken away by a program: whoever may do that does it by hand.
    discard: async () => topicStays(topic),
    close: async () => undefined,
  };
}

/** What to say when a replay into a topic is cancelled. */
export function topicStays(topic: string): string {
  return `the topic ${topic} stays with what was copied so far, and a replay removes no topic: kafka-topics.sh --bootstrap-server <host:port> --delete --topic ${topic} does`;
}

function copyOf({ key, type, sequence, value }: LogRecord): NewRecord {
  return { key, type: type ?? '', sequence, value };
}

function isSame(record: LogRecord, wanted: NewRecord | undefined): boolean {
  if (wanted === undefined) return false;
  const { key, type, sequence, value } = copyOf(record);
  return (
    key === wanted.key &&
    type === wanted.type &&
    sequence?.epoch === wanted.sequence?.epoch &&
    sequence?.n === wanted.sequence?.n &&
    sequence?.serial === wanted.sequence?.serial &&
    value.equals(wanted.value)
  );
}
