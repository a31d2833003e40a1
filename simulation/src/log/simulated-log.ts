import type { Consumption, EventLog, LogRecord, NewRecord, Slice, SliceAnswer, Subscription, TopicPartition } from '@instep/event-log';

import type { Coverage } from '../coverage.ts';
import type { CallName, Network } from '../network/network.ts';
import type { Life } from '../process/life.ts';
import type { Random } from '../time/random.ts';
import type { VirtualTime } from '../time/virtual-time.ts';
import type { Trace } from '../trace.ts';
import type { SimulatedBroker } from './simulated-broker.ts';

export interface SimulatedLogParts {
  readonly broker: SimulatedBroker;
  readonly life: Life;
  readonly network: Network;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly coverage: Coverage;
  readonly trace: Trace;
  /** Furthest offset that any member of a group was given, per `<group> <topic>/<partition>`. */
  readonly delivered: Map<string, number>;
}

/** The log as one process sees it. */
export interface SimulatedLog extends EventLog {
  /** Throws the process's member out of its group, as when it was silent for too long. Whether there was one. */
  expel(): boolean;
}

/** How long the group waits for a member that says nothing. */
export const sessionMs = 6_000;

const append: CallName = { name: 'append', told: true, ambiguous: 'ambiguous append', late: 'append arrived after its sender gave up' };

export function simulatedLog(parts: SimulatedLogParts): SimulatedLog {
  const { broker, life, network } = parts;
  const appending = new Map<string, Promise<unknown>>();
  const members: SimulatedMember[] = [];
  return {
    append(target, records) {
      const name = `${target.topic}/${String(target.partition)}`;
      const send = (): Promise<{ firstOffset: number }> =>
        network.call(life, broker, append, async () => {
          const stored = await broker.append(target, records);
          if (life.relay === 'numbered' && records.some(isNumbered)) life.relay = 'sent';
          return stored;
        });
      const mine = (appending.get(name) ?? Promise.resolve()).then(send, send);
      appending.set(name, mine);
      return mine;
    },
    partitionFor: (topic, key) => broker.log.partitionFor(topic, key),
    bounds: (topic) => network.call(life, broker, { name: 'bounds' }, () => broker.log.bounds(topic)),
    async *read(target: TopicPartition, from: number, to: number): AsyncGenerator<readonly LogRecord[]> {
      yield* await network.call(life, broker, { name: 'read' }, async () => {
        const batches: (readonly LogRecord[])[] = [];
        for await (const records of broker.log.read(target, from, to)) batches.push(records);
        return batches;
      });
    },
    async consume(subscription) {
      const member = new SimulatedMember(parts, subscription);
      members.push(member);
      await network.call(life, { ...serverOf(broker), timeoutMs: 60_000 }, { name: 'join', waits: true }, () => member.join());
      return member;
    },
    expel: () => members.map((member) => member.expel()).some(Boolean),
    async close() {
      await Promise.allSettled([...members.map((member) => member.stop(5_000)), ...appending.values()]);
    },
  };
}

function serverOf(broker: SimulatedBroker): { name: string; up: boolean; incarnation: number; unavailable(why: string): Error } {
  return { name: broker.name, up: broker.up, incarnation: broker.incarnation, unavailable: (why) => broker.unavailable(why) };
}

function isNumbered({ sequence }: NewRecord): boolean {
  return sequence !== undefined;
}

/**
 * A process in its group. The group hears of its death or silence when the session times out; what it does until then, and when it wakes up
 * later, it does as a zombie: others have its partitions.
 */
class SimulatedMember implements Consumption {
  readonly #parts: SimulatedLogParts;
  readonly #subscription: Subscription;
  #current: Consumption | undefined;
  #joined: Subscription | undefined;
  #underWay = 0;
  #ended = false;
  #expelled = false;

  constructor(parts: SimulatedLogParts, subscription: Subscription) {
    this.#parts = parts;
    this.#subscription = subscription;
    const { life, time } = parts;
    life.onDeath(() => {
      this.#ended = true;
      time.after(sessionMs, () => this.#leaveGroup());
    });
    life.onWake(() => {
      if (this.#expelled) this.#comeBack();
    });
  }

  async join(): Promise<void> {
    const { broker, life } = this.#parts;
    if (life.dead || this.#ended) return;
    const joined = this.#wrapped();
    this.#joined = joined;
    this.#expelled = false;
    const current = await broker.log.consume(joined);
    if (this.#joined === joined) this.#current = current;
    else broker.log.abandon(joined);
  }

  healthy(): boolean {
    return !this.#expelled && (this.#current?.healthy() ?? false);
  }

  assigned(): readonly TopicPartition[] {
    return this.#current?.assigned() ?? [];
  }

  async stop(deadlineMs: number): Promise<void> {
    this.#ended = true;
    await this.#current?.stop(deadlineMs);
    this.#leaveGroup();
  }

  expel(): boolean {
    if (this.#ended || this.#expelled || !this.#joined) return false;
    const { time, random, life } = this.#parts;
    this.#expelled = true;
    this.#leaveGroup();
    if (!life.paused) time.after(random.between(200, 3_000), () => life.run(() => this.#comeBack()));
    return true;
  }

  #leaveGroup(): void {
    const { broker, coverage, trace, life } = this.#parts;
    if (!this.#joined) return;
    trace.note('out of its group', life.name);
    coverage.count('rebalance');
    if (this.#underWay > 0) coverage.count('rebalance while a slice was under way');
    broker.log.abandon(this.#joined);
    this.#joined = undefined;
    this.#current = undefined;
  }

  #comeBack(): void {
    const { time, random, life, coverage, trace } = this.#parts;
    if (this.#ended || !this.#expelled) return;
    time.after(random.between(50, 1_500), () => {
      life.run(() => {
        if (this.#ended || !this.#expelled) return;
        // A member finishes what it has under way before it joins again.
        if (this.#underWay > 0) {
          this.#comeBack();
          return;
        }
        coverage.count('zombie came back');
        trace.note('joins again', life.name);
        void this.join();
      });
    });
  }

  #wrapped(): Subscription {
    const { life } = this.#parts;
    const { group, topics, maxSlice } = this.#subscription;
    const joined: Subscription = {
      group,
      topics,
      ...(maxSlice === undefined ? {} : { maxSlice }),
      startAt: (assigned) => this.#busy(() => this.#subscription.startAt(assigned)),
      onSlice: (slice) => this.#hand(slice),
      onCrash: (error) => {
        life.run(() => {
          if (this.#joined === joined) this.#subscription.onCrash(error);
        });
      },
    };
    return joined;
  }

  #hand(slice: Slice): Promise<SliceAnswer> {
    this.#noteDelivery(slice);
    return this.#busy(() => this.#subscription.onSlice(slice));
  }

  async #busy<T>(work: () => Promise<T>): Promise<T> {
    this.#underWay += 1;
    try {
      return await this.#parts.life.inside(work);
    } finally {
      this.#underWay -= 1;
    }
  }

  #noteDelivery({ topic, partition, records }: Slice): void {
    const { delivered, coverage } = this.#parts;
    const name = `${this.#subscription.group} ${topic}/${String(partition)}`;
    const before = delivered.get(name) ?? -1;
    const [first] = records;
    const last = records.at(-1);
    if (first && first.offset <= before) coverage.count('record delivered again');
    if (last && last.offset > before) delivered.set(name, last.offset);
  }
}
