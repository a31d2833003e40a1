import { describe, expect, it } from '@jest/globals';
import { describeEventLog } from '../conformance/index.ts';
import { gate } from '../conformance/gate.ts';
import { RecordingConsumer, goOn } from '../conformance/recording-consumer.ts';
import { until } from '../conformance/until.ts';
import { inMemoryLog } from './in-memory-log.ts';
import type { Scheduler } from './scheduler.ts';

describeEventLog('the log in memory', async (topics) =>
  inMemoryLog({ topics: Object.fromEntries(topics.map((each) => [each.name, each.partitions])) }),
);

const placed = (n: number) => ({ key: `demo/${n}`, type: 'order.placed', sequence: { epoch: 1, n }, value: Buffer.from(String(n)) });

describe('the log in memory', () => {
  it('gives the partitions of an abandoned member to another at once, and does not hear its answer', async () => {
    const log = inMemoryLog({ topics: { orders: 1 } });
    await log.append({ topic: 'orders', partition: 0 }, [placed(1), placed(2)]);
    const [zombie, owner] = [new RecordingConsumer(), new RecordingConsumer()];
    const thaw = gate();
    const frozen = await log.consume(
      zombie.subscription('g', ['orders'], async (slice) => {
        await thaw.opened;
        return goOn(slice);
      }),
    );
    await until('the zombie has a slice', () => zombie.slices.length === 1);
    log.abandon(frozen);
    await log.consume(owner.subscription('g', ['orders']));
    await until('the new owner has it too', () => owner.records.length === 2);
    thaw.open();
    await log.append({ topic: 'orders', partition: 0 }, [placed(3)]);
    await until('the new owner goes on', () => owner.records.length === 3);
    expect(zombie.slices).toHaveLength(1);
    await log.close();
  });

  it('does not wait for a member that is abandoned while the group shares out anew', async () => {
    const log = inMemoryLog({ topics: { orders: 1 } });
    await log.append({ topic: 'orders', partition: 0 }, [placed(1)]);
    const [frozen, owner] = [new RecordingConsumer(), new RecordingConsumer()];
    const never = gate();
    const subscription = frozen.subscription('g', ['orders'], async (slice) => {
      await never.opened;
      return goOn(slice);
    });
    await log.consume(subscription);
    await until('the slice is under way', () => frozen.slices.length === 1);
    const joining = log.consume(owner.subscription('g', ['orders']));
    log.abandon(subscription);
    await joining;
    await until('the new owner has it', () => owner.records.length === 1);
    never.open();
    await log.close();
  });

  it('shows its records', async () => {
    const log = inMemoryLog({ topics: { orders: 1 } });
    await log.append({ topic: 'orders', partition: 0 }, [placed(1), placed(2)]);
    expect(log.records({ topic: 'orders', partition: 0 }).map(({ offset }) => offset)).toEqual([0, 1]);
    await log.close();
  });

  it('does nothing of its own accord: a simulation runs its tasks', async () => {
    const tasks: { readonly ms: number; readonly task: () => void }[] = [];
    const scheduler: Scheduler = {
      now: () => 42,
      soon: (task) => void tasks.push({ ms: 0, task }),
      after: (ms, task) => void tasks.push({ ms, task }),
    };
    const log = inMemoryLog({ topics: { orders: 1 }, scheduler });
    await log.append({ topic: 'orders', partition: 0 }, [placed(1)]);
    const consumer = new RecordingConsumer();
    await log.consume(
      consumer.subscription('g', ['orders'], (slice) => ({ kind: 'pause', nextOffset: slice.records[0]?.offset ?? 0, ms: 700 })),
    );
    expect(tasks.map(({ ms }) => ms)).toEqual([0]);
    expect(consumer.slices).toHaveLength(0);
    tasks.shift()?.task();
    await until('the pause', () => tasks.length === 1);
    expect(tasks.map(({ ms }) => ms)).toEqual([700]);
    expect(consumer.records.map((record) => record.timestamp)).toEqual([42]);
  });
});
