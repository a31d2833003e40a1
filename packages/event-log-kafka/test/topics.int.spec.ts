import { describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { Kafka, logLevel } from 'kafkajs';
import { createTopics, TopicsUnfit, verifyTopics } from '../src/index.ts';
import { givenBroker } from './given-broker.ts';

const options = { replicationFactor: 1 };

describe('topics on a broker', () => {
  it('are made once, and pass when they are verified', async () => {
    const topic = { name: `topics-${randomUUID()}`, partitions: 2, maxMessageBytes: 2_000_000 };
    expect(await createTopics(givenBroker(), [topic], options)).toEqual([topic.name]);
    expect(await createTopics(givenBroker(), [topic], options)).toEqual([]);
    await verifyTopics(givenBroker(), [topic], options);
  });

  it('are refused when they expire, are compacted, have another partition count or are missing', async () => {
    const name = `topics-${randomUUID()}`;
    const connection = givenBroker();
    const admin = new Kafka({ brokers: [...connection.brokers], clientId: 'test', logLevel: logLevel.NOTHING }).admin();
    await admin.connect();
    await admin.createTopics({
      topics: [
        {
          topic: name,
          numPartitions: 2,
          configEntries: [
            { name: 'retention.ms', value: '60000' },
            { name: 'cleanup.policy', value: 'compact' },
          ],
        },
      ],
    });
    await admin.disconnect();
    const missing = { name: `absent-${randomUUID()}`, partitions: 1 };
    const refusal = await verifyTopics(connection, [{ name, partitions: 3 }, missing], options).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(TopicsUnfit);
    expect(refusal).toMatchObject({
      code: 'log/topics-unfit',
      changes: [
        `${missing.name}: create it with 1 partitions`,
        `${name}: has 2 partitions, not 3; keys would move, so make a new topic or correct the definition`,
        `${name}: set cleanup.policy=delete (it is compact)`,
        `${name}: set retention.ms=-1 (it is 60000)`,
        expect.stringContaining('max.message.bytes'),
      ].slice(0, 4),
    });
  });
});
