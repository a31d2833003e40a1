import { asFault } from '../faults.ts';
import type { KafkaConnection } from '../settings.ts';
import { configOf, type TopicDefinition, type TopicOptions } from './topic-definition.ts';
import { verifyWith } from './verify-topics.ts';
import { withAdmin } from './with-admin.ts';

/**
 * Makes the topics that are missing and verifies those that are there (`TopicsUnfit`). Can be run again, and by several at once.
 * Gives the names of those it made. Rejects with `LogUnavailable` when no broker answers.
 */
export async function createTopics(
  connection: KafkaConnection,
  topics: readonly TopicDefinition[],
  options: TopicOptions,
): Promise<readonly string[]> {
  return withAdmin(connection, async (admin) => {
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
  });
}
