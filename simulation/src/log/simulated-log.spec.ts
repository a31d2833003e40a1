import { afterEach, describe, expect, it } from '@jest/globals';
import type { EventLog, LogRecord, Slice, SliceAnswer, Subscription } from '@instep/event-log';
import { describeEventLog } from '@instep/event-log/conformance';

import type { FaultPlan } from '../faults/fault-plan.ts';
import { Life } from '../process/life.ts';
import { smallGround } from '../testing/small-ground.ts';
import type { SmallGround } from '../testing/small-ground.ts';
import { codeOf } from '../testing/told.ts';
import { driven } from '../time/virtual-time.ts';
import { SimulatedBroker } from './simulated-broker.ts';
import { simulatedLog } from './simulated-log.ts';
import type { SimulatedLog } from './simulated-log.ts';

interface Simulated {
  readonly ground: SmallGround;
  readonly broker: SimulatedBroker;
  process(name: string): { readonly life: Life; readonly log: SimulatedLog };
}

function simulated(
  topics: Readonly<Record<string, number>>,
  faults: Partial<FaultPlan> = {},
  seed?: string,
  now?: () => number,
): Simulated {
  const ground = smallGround(faults, seed);
  const broker = new SimulatedBroker({ ...ground, topics, ...(now && { now }) });
  const delivered = new Map<string, number>();
  return {
    ground,
    broker,
    process: (name) => {
      const life = new Life(name);
      return { life, log: simulatedLog({ ...ground, broker, life, delivered }) };
    },
  };
}

let stopTime: (() => void) | undefined;

describeEventLog('the simulated log', async (topics): Promise<EventLog> => {
  const { ground, process } = simulated(Object.fromEntries(topics.map(({ name, partitions }) => [name, partitions])), {}, undefined, () =>
    Date.now(),
  );
  const time = driven(ground.time);
  const { log } = process('client');
  return {
    ...log,
    close: async () => {
      await log.close();
      time.stop();
    },
  };
});

const at = { topic: 'orders', partition: 0 };
const placed = (n: number) => ({ key: `t/${String(n)}`, type: 'order.placed', sequence: { epoch: 1, n }, value: Buffer.from(String(n)) });
const valuesOf = (records: readonly LogRecord[]): string[] => records.map(({ value }) => value.toString());

describe('the simulated log under faults', () => {
  afterEach(() => {
    stopTime?.();
    stopTime = undefined;
  });

  const append = async (broker: SimulatedBroker, count: number): Promise<void> => {
    for (let n = 1; n <= count; n += 1) await broker.append(at, [placed(n)]);
  };

  it('may have stored what it says nothing of, or comes with it later', async () => {
    const outcomes = new Set<string>();
    for (let seed = 0; seed < 30; seed += 1) {
      const { ground, broker, process } = simulated({ orders: 1 }, { requestLate: 0.5, answerLost: 0.5 }, String(seed));
      let heard = 'stored';
      process('p')
        .log.append(at, [placed(1)])
        .catch((error: unknown) => (heard = codeOf(error)));
      await ground.settle();
      outcomes.add(`${heard}, there: ${String(broker.log.records(at).length)}`);
    }
    expect(outcomes).toContain('log/unavailable, there: 1');
  });

  it('stores nothing, all or a first part while leaders change', async () => {
    const outcomes = new Set<number>();
    for (let seed = 0; seed < 60; seed += 1) {
      const { ground, broker, process } = simulated({ orders: 1 }, {}, String(seed));
      broker.loseLeaders();
      let heard = '';
      process('p')
        .log.append(at, [placed(1), placed(2), placed(3)])
        .catch((error: unknown) => (heard = codeOf(error)));
      await ground.settle();
      expect(heard).toBe('log/unavailable');
      outcomes.add(broker.log.records(at).length);
    }
    expect([...outcomes].sort()).toEqual([0, 1, 2, 3]);
  });

  /** A consumer that answers when it is told to. */
  const slowConsumer = (group: string): { subscription: Subscription; slices: Slice[]; answer(): void } => {
    const slices: Slice[] = [];
    const waiting: ((answer: SliceAnswer) => void)[] = [];
    return {
      slices,
      answer: () => {
        const nextOffset = (slices.at(-1)?.records.at(-1)?.offset ?? -1) + 1;
        waiting.shift()?.({ kind: 'continue', nextOffset });
      },
      subscription: {
        group,
        topics: ['orders'],
        startAt: async (assigned) => assigned.map((each) => ({ ...each, nextOffset: 0 })),
        onSlice: (slice) => {
          slices.push(slice);
          return new Promise((resolve) => waiting.push(resolve));
        },
        onCrash: (error) => {
          throw error;
        },
      },
    };
  };

  it('gives the partitions of a killed process to another when its session has timed out', async () => {
    const { ground, broker, process } = simulated({ orders: 1 });
    await append(broker, 2);
    const [p, q] = [process('p'), process('q')];
    const [first, second] = [slowConsumer('g'), slowConsumer('g')];
    void p.log.consume(first.subscription);
    await ground.settle();
    expect(first.slices).toHaveLength(1);
    const killedAt = ground.time.now();
    p.life.kill();
    void q.log.consume(second.subscription);
    await ground.settle();
    expect(second.slices.flatMap(({ records }) => valuesOf(records))).toEqual(['1', '2']);
    expect(ground.time.now() - killedAt).toBeGreaterThan(5_000);
    expect(ground.coverage.counts()).toMatchObject({ 'rebalance while a slice was under way': 1, 'record delivered again': 1 });
  });

  it('lets a zombie finish its slice before it comes back', async () => {
    const { ground, broker, process } = simulated({ orders: 1 });
    await append(broker, 1);
    const [p, q] = [process('p'), process('q')];
    const [zombie, owner] = [slowConsumer('g'), slowConsumer('g')];
    void p.log.consume(zombie.subscription);
    await ground.settle();
    void q.log.consume(owner.subscription);
    p.life.pause();
    expect(p.log.expel()).toBe(true);
    await ground.settle();
    expect(owner.slices).toHaveLength(1);
    owner.answer();
    p.life.resume();
    // While its slice is under way it looks again and again, and never joins.
    const until = ground.time.now() + 20_000;
    await ground.time.run(() => ground.time.now() < until);
    expect(ground.coverage.counts()['zombie came back']).toBe(0);
    zombie.answer();
    await ground.settle();
    expect(ground.coverage.counts()['zombie came back']).toBe(1);
    expect(zombie.slices).toHaveLength(1);
  });

  it('hands out nothing while leaders change', async () => {
    const { ground, broker, process } = simulated({ orders: 1 });
    await append(broker, 1);
    broker.loseLeaders();
    const consumer = slowConsumer('g');
    void process('p').log.consume(consumer.subscription);
    await ground.settle();
    expect(consumer.slices).toHaveLength(0);
    broker.electLeaders();
    await ground.settle();
    expect(consumer.slices).toHaveLength(1);
  });
});
