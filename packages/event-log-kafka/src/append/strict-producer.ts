import { LogUnavailable, RecordTooLarge, type NewRecord, type TopicPartition } from '@instep/event-log';
import type { KafkaLogger } from '../settings.ts';
import type { ProducerSession } from './producer-session.ts';
import { PartitionQueue } from './partition-queue.ts';

export interface StrictProducerSettings {
  readonly open: () => Promise<ProducerSession>;
  readonly logger: KafkaLogger;
}

/**
 * Appends by these rules, each of which closes a way to lose or to re-order records:
 * - every record goes to the partition that the caller names;
 * - at most one batch of a partition is under way; what waits is merged into the next in the order of the calls;
 * - a batch is stored when the answer names its partition without an error, and not before;
 * - once a batch was given up nobody knows which numbers the broker has seen: the session (its producer id) is not used for anything new,
 *   and what waited behind the batch is rejected with it, so that nothing overtakes what the caller is going to append again.
 */
export class StrictProducer {
  readonly #settings: StrictProducerSettings;
  readonly #queues = new Map<string, PartitionQueue>();
  #session: Promise<ProducerSession> | undefined;
  #underWay = new Map<Promise<ProducerSession>, number>();
  #closed = false;

  constructor(settings: StrictProducerSettings) {
    this.#settings = settings;
  }

  /** `mostBytes`: largest batch that the topic takes; no record may be larger by itself. */
  append(target: TopicPartition, records: readonly NewRecord[], mostBytes: number): Promise<{ firstOffset: number }> {
    if (this.#closed) return Promise.reject(new LogUnavailable('the log is closed'));
    const name = `${target.topic}/${target.partition}`;
    let queue = this.#queues.get(name);
    if (!queue) {
      queue = new PartitionQueue((batch) => this.#send(target, batch), mostBytes);
      this.#queues.set(name, queue);
    }
    return queue.add(records);
  }

  /** Lets what was accepted settle, then gives the connections back. */
  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#queues.values()].map((queue) => queue.settled()));
    const session = this.#session;
    this.#session = undefined;
    if (session) await closeSession(session);
  }

  async #send(target: TopicPartition, records: readonly NewRecord[]): Promise<number> {
    const session = this.#current();
    this.#underWay.set(session, (this.#underWay.get(session) ?? 0) + 1);
    try {
      return await (await session).produce(target, records);
    } catch (cause) {
      if (cause instanceof RecordTooLarge) throw cause;
      this.#abandon(session, target, cause);
      throw new LogUnavailable(`could not append to ${target.topic}/${target.partition}`, { cause });
    } finally {
      this.#release(session);
    }
  }

  #current(): Promise<ProducerSession> {
    this.#session ??= this.#settings.open();
    return this.#session;
  }

  #abandon(session: Promise<ProducerSession>, target: TopicPartition, cause: unknown): void {
    if (this.#session !== session) return;
    this.#session = undefined;
    const error = cause instanceof Error ? cause.message : String(cause);
    this.#settings.logger.warn('an append was given up; going on with a new producer', { ...target, error });
  }

  /** A session that was abandoned is closed when the last batch under way in it has settled. */
  #release(session: Promise<ProducerSession>): void {
    const left = (this.#underWay.get(session) ?? 1) - 1;
    if (left > 0) {
      this.#underWay.set(session, left);
      return;
    }
    this.#underWay.delete(session);
    if (this.#session !== session) void closeSession(session);
  }
}

async function closeSession(session: Promise<ProducerSession>): Promise<void> {
  // One that never opened has nothing to close.
  const opened = await session.catch(() => undefined);
  await opened?.close();
}
