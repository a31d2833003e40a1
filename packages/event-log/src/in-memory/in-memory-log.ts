import type { Consumption, EventLog, PartitionBounds, Subscription } from '../event-log.ts';
import { LogUnavailable, OffsetOutOfRange, RecordTooLarge, UnknownTopic } from '../faults.ts';
import { partitionOfKey } from '../partition-of-key.ts';
import type { LogRecord, NewRecord, TopicPartition } from '../record.ts';
import { Group } from './group.ts';
import { Member } from './member.ts';
import { wallClock, type Scheduler } from './scheduler.ts';
import { StoredPartition } from './stored-partition.ts';

export interface InMemoryLogSettings {
  /** Partition count by topic name. */
  readonly topics: Readonly<Record<string, number>>;
  /** Largest key and value together, in bytes. Default 1,000,000. */
  readonly maxRecordBytes?: number;
  /** Default: the wall clock. */
  readonly scheduler?: Scheduler;
}

export interface InMemoryLog extends EventLog {
  /**
   * As when a member's process is killed or frozen: the group gives its partitions to the others at once, and what it has under way goes
   * on unseen. Its answers are not heard, nothing is handed to it any more. By its subscription when it has not joined yet.
   */
  abandon(member: Consumption | Subscription): void;
  /** Every record of a topic-partition, without waiting: for those that look at the log from outside. */
  records(target: TopicPartition): readonly LogRecord[];
}

const READ_BATCH = 500;
const DEFAULT_MAX_RECORD_BYTES = 1_000_000;
const CLOSE_DEADLINE_MS = 5_000;

/**
 * The event log on memory, for tests and simulation: several groups, members, rebalances. Keeps every record for as long as it lives.
 * Deterministic: all that happens later goes through `scheduler` or follows a promise of the caller's.
 */
export function inMemoryLog(settings: InMemoryLogSettings): InMemoryLog {
  const scheduler = settings.scheduler ?? wallClock;
  const maxRecordBytes = settings.maxRecordBytes ?? DEFAULT_MAX_RECORD_BYTES;
  const topics = new Map(Object.entries(settings.topics).map(([topic, count]) => [topic, partitionsOf(topic, count)]));
  const groups = new Map<string, Group>();
  const members = new Map<Consumption | Subscription, Member>();
  const consumptions = new Set<Consumption>();
  let closed = false;

  function topicOf(topic: string): readonly StoredPartition[] {
    if (closed) throw new LogUnavailable('the log is closed');
    const partitions = topics.get(topic);
    if (!partitions) throw new UnknownTopic(`no topic ${topic}`);
    return partitions;
  }

  function partitionAt({ topic, partition }: TopicPartition): StoredPartition {
    const stored = topicOf(topic)[partition];
    if (!stored) throw new UnknownTopic(`topic ${topic} has no partition ${partition}`);
    return stored;
  }

  return {
    async append(target, records) {
      const partition = partitionAt(target);
      if (records.length === 0) throw new RangeError('append takes at least one record');
      for (const record of records) refuseTooLarge(record, target, maxRecordBytes);
      return { firstOffset: partition.append(records, scheduler.now()) };
    },

    async partitionFor(topic, key) {
      return partitionOfKey(key, topicOf(topic).length);
    },

    async bounds(topic): Promise<readonly PartitionBounds[]> {
      return topicOf(topic).map((stored) => ({ partition: stored.target.partition, first: 0, next: stored.next }));
    },

    async *read(target, from, to): AsyncGenerator<readonly LogRecord[]> {
      const partition = partitionAt(target);
      if (from < 0 || from > partition.next) {
        throw new OffsetOutOfRange(`${target.topic}/${target.partition} holds 0 to ${partition.next}, not ${from}`);
      }
      const end = Math.min(to, partition.next);
      for (let at = from; at < end; at += READ_BATCH) yield partition.slice(at, Math.min(at + READ_BATCH, end));
    },

    async consume(subscription) {
      for (const topic of subscription.topics) topicOf(topic);
      const group = groupOf(subscription);
      const member = new Member(subscription, scheduler, (leaving) => group.leave(leaving));
      const consumption = consumptionOf(member, scheduler);
      members.set(consumption, member).set(subscription, member);
      consumptions.add(consumption);
      group.join(member);
      await member.joined;
      return consumption;
    },

    abandon(abandoned) {
      members.get(abandoned)?.end('left');
    },

    records: (target) => partitionAt(target).all,

    async close() {
      await Promise.all([...consumptions].map((consumption) => consumption.stop(CLOSE_DEADLINE_MS)));
      closed = true;
    },
  };

  function groupOf(subscription: Subscription): Group {
    const known = groups.get(subscription.group);
    if (known) return known;
    const group = new Group((topic) => topics.get(topic) ?? []);
    groups.set(subscription.group, group);
    return group;
  }
}

function consumptionOf(member: Member, scheduler: Scheduler): Consumption {
  return {
    healthy: () => member.state === 'consuming',
    assigned: () => member.assigned,
    async stop(deadlineMs) {
      const tooLate = new Promise<void>((resolve) => scheduler.after(deadlineMs, resolve));
      await Promise.race([member.leave(), tooLate]);
      member.end('left');
    },
  };
}

function partitionsOf(topic: string, count: number): readonly StoredPartition[] {
  return Array.from({ length: count }, (_, partition) => new StoredPartition({ topic, partition }));
}

function refuseTooLarge(record: NewRecord, { topic }: TopicPartition, limit: number): void {
  const bytes = Buffer.byteLength(record.key) + record.value.length;
  if (bytes > limit) throw new RecordTooLarge(`a record of ${bytes} bytes for ${topic}; the topic takes ${limit}`);
}
