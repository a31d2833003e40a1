import { topics } from '@instep/contracts';
import { inMemoryLog, LogUnavailable } from '@instep/event-log';
import type { InMemoryLog, NewRecord, TopicPartition } from '@instep/event-log';

import type { Coverage } from '../coverage.ts';
import type { Server } from '../network/network.ts';
import type { Random } from '../time/random.ts';
import type { VirtualTime } from '../time/virtual-time.ts';

export interface BrokerParts {
  readonly time: VirtualTime;
  readonly random: Random;
  readonly coverage: Coverage;
  /** Told of every batch that the log has taken, in the order of the log. */
  stored?(target: TopicPartition, records: readonly NewRecord[]): void;
  /** For the time stamps of records, in milliseconds since 1970. Default: the time of the world. */
  now?(): number;
  /** Default: the topics of the contracts. */
  readonly topics?: Readonly<Record<string, number>>;
}

/**
 * The brokers as one. While leaders change nothing is fetched, and an append fails before or after it was stored, or with only a first part
 * of it stored.
 */
export class SimulatedBroker implements Server {
  readonly name = 'log';
  readonly timeoutMs = 3_000;
  readonly up = true;
  readonly incarnation = 1;
  readonly log: InMemoryLog;
  readonly #parts: BrokerParts;
  readonly #newest = new Map<string, number>();
  readonly #waiting: (() => void)[] = [];
  #changing = false;

  constructor(parts: BrokerParts) {
    const { time, random } = parts;
    this.#parts = parts;
    this.log = inMemoryLog({
      topics: parts.topics ?? Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])),
      scheduler: {
        now: () => parts.now?.() ?? time.now(),
        soon: (task) => {
          time.after(0.5 + random.next() * 4, () => {
            if (this.#changing) this.#waiting.push(task);
            else task();
          });
        },
        after: (ms, task) => void time.after(ms, task),
      },
    });
  }

  unavailable(why: string): Error {
    return new LogUnavailable(why);
  }

  async append(target: TopicPartition, records: readonly NewRecord[]): Promise<{ firstOffset: number }> {
    if (!this.#changing) return this.#store(target, records);
    const { random, coverage } = this.#parts;
    const outcome = random.next();
    if (outcome < 0.25) {
      await this.#store(target, records);
      coverage.count('ambiguous append');
    } else if (outcome < 0.4 && records.length > 1) {
      await this.#store(target, records.slice(0, random.between(1, records.length - 1)));
      coverage.count('part of an append stored');
    }
    throw new LogUnavailable('this broker is not the leader');
  }

  async #store(target: TopicPartition, records: readonly NewRecord[]): Promise<{ firstOffset: number }> {
    const stored = await this.log.append(target, records);
    const name = `${target.topic}/${String(target.partition)}`;
    const newest = this.#newest.get(name) ?? 0;
    const last = records.at(-1)?.sequence?.n ?? 0;
    if (records.some(({ sequence }) => sequence && sequence.n <= newest)) this.#parts.coverage.count('record stored twice in the log');
    this.#newest.set(name, Math.max(newest, last));
    this.#parts.stored?.(target, records);
    return stored;
  }

  loseLeaders(): void {
    this.#changing = true;
  }

  electLeaders(): void {
    this.#changing = false;
    for (const task of this.#waiting.splice(0)) task();
  }
}
