import { describe, expect, it } from '@jest/globals';
import type { EventLog } from '@instep/event-log';
import { randomUUID } from 'node:crypto';
import { createTopics, kafkaLog } from '../src/index.ts';
import { givenBroker } from './given-broker.ts';

describe('a slice that is never answered', () => {
  it('ends the consumption, and the partition goes to another member', async () => {
    const topic = `stuck-${randomUUID()}`;
    await createTopics(givenBroker(), [{ name: topic, partitions: 1 }], { replicationFactor: 1 });
    // Longer than an idle broker may leave a fetch without an answer.
    const [stuck, other] = [kafkaLog({ ...givenBroker(), stuckAfterMs: 3_500 }), kafkaLog(givenBroker())];
    try {
      await handOver(topic, stuck, other);
    } finally {
      await Promise.all([stuck.close(), other.close()]);
    }
  });

  async function handOver(topic: string, stuck: EventLog, other: EventLog): Promise<void> {
    await other.append({ topic, partition: 0 }, [
      { key: 'demo/1', type: 'number.said', sequence: { epoch: 1, n: 1 }, value: Buffer.from('1') },
    ]);
    const startAt = async (assigned: readonly { topic: string; partition: number }[]) =>
      assigned.map((each) => ({ ...each, nextOffset: 0 }));
    const crash = new Promise<Error>((resolve) => {
      void stuck.consume({ group: topic, topics: [topic], startAt, onSlice: () => new Promise(() => {}), onCrash: resolve });
    });
    expect((await crash).message).toContain(`a slice of ${topic}/0 has had no answer`);
    const taken = new Promise<void>((resolve) => {
      void other.consume({
        group: topic,
        topics: [topic],
        startAt,
        onSlice: async () => {
          resolve();
          return { kind: 'continue', nextOffset: 1 };
        },
        onCrash: () => {},
      });
    });
    await taken;
  }
});
