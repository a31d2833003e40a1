import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { createTopics, kafkaLog } from '../src/index.ts';
import { givenBroker } from './given-broker.ts';

describe('a topic that is deleted while it is read', () => {
  it('ends the consumption with its name, also when others go on', async () => {
    const [gone, other] = [`gone-${randomUUID()}`, `other-${randomUUID()}`];
    const topics = [gone, other].map((name) => ({ name, partitions: 1 }));
    await createTopics(givenBroker(), topics, { replicationFactor: 1 });
    const log = kafkaLog({ ...givenBroker(), goneAfterMs: 500 });
    const admin = new Kafka({ brokers: [...givenBroker().brokers], clientId: 'test', logLevel: logLevel.NOTHING }).admin();
    try {
      await admin.connect();
      const crash = new Promise<Error>((resolve, reject) => {
        log
          .consume({
            group: gone,
            topics: [gone, other],
            startAt: async (assigned) => assigned.map((each) => ({ ...each, nextOffset: 0 })),
            onSlice: async ({ records }) => ({ kind: 'continue', nextOffset: (records.at(-1)?.offset ?? 0) + 1 }),
            onCrash: resolve,
          })
          .then(() => admin.deleteTopics({ topics: [gone] }))
          .catch(reject);
      });
      expect(await crash).toMatchObject({ code: 'log/unknown-topic', message: expect.stringContaining(gone) as unknown });
    } finally {
      await Promise.all([admin.disconnect(), log.close()]);
    }
  });
});
