import { UnknownTopic } from '@instep/event-log';
import type { Admin } from 'kafkajs';

import { asFault } from '../faults.ts';
import type { KafkaConnection } from '../settings.ts';
import { sleep } from '../sleep.ts';
import { configOf, type BrokerTopic, type TopicOptions } from './broker-topic.ts';
import { verifyWith } from './verify-topics.ts';
import { withAdmin } from './with-admin.ts';

const ATTEMPTS = 20;
const BETWEEN_ATTEMPTS_MS = 250;

/**
 * Makes the topics that are missing and verifies those that are there (`TopicsUnfit`). Can be run again, and by several at once.
 * Gives the names of those it made. Rejects with `LogUnavailable` when no broker answers.
 */
export async function createTopics(
  connection: KafkaConnection,
  topics: readonly BrokerTopic[],
  options: TopicOptions,
): Promise<readonly string[]> {
  return withAdmin(connection, async (admin) => {
    // A broker may deny for a moment that it knows a topic that has just been made there or at another, to its creator as to everybody.
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await createOnce(admin, topics, options);
      } catch (cause) {
        const fault = asFault('making topics', cause);
        if (!(fault instanceof UnknownTopic) || attempt === ATTEMPTS) throw fault;
        await sleep(BETWEEN_ATTEMPTS_MS);
      }
    }
  });
}

async function createOnce(admin: Admin, topics: readonly BrokerTopic[], options: TopicOptions): Promise<readonly string[]> {
  const present = new Set(await admin.listTopics());
  const missing = topics.filter((topic) => !present.has(topic.name));
  if (missing.length > 0) {
    const made = missing.map((topic) => ({
      topic: topic.name,
      numPartitions: topic.partitions,
      replicationFactor: options.replicationFactor,
      configEntries: Object.entries(configOf(topic, options)).map(([name, value]) => ({ name, value })),
    }));
    try {
      await admin.createTopics({ topics: made, waitForLeaders: true, timeout: 15_000 });
    } catch (cause) {
      throw asFault(`creating topics ${missing.map((topic) => topic.name).join(', ')}`, cause);
    }
  }
  await verifyWith(admin, topics, options);
  return missing.map((topic) => topic.name);
}
