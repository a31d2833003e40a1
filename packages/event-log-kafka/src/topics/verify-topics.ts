import type { Admin } from 'kafkajs';
import { kafkajs } from '../kafkajs/internals.ts';
import type { KafkaConnection } from '../settings.ts';
import { configOf, type BrokerTopic, type TopicOptions } from './broker-topic.ts';
import { withAdmin } from './with-admin.ts';

/** Topics are missing or set up so that history would be lost or keys would move. `changes` says, line by line, what to change. */
export class TopicsUnfit extends Error {
  readonly code = 'log/topics-unfit';
  readonly transient = false;
  readonly changes: readonly string[];

  constructor(changes: readonly string[]) {
    super(`topics of the log are not as they must be:\n${changes.map((change) => `  - ${change}`).join('\n')}`);
    this.changes = changes;
  }
}

/** Resolves when every topic is there with its partitions and settings; rejects with `TopicsUnfit` or `LogUnavailable`. Changes nothing. */
export async function verifyTopics(connection: KafkaConnection, topics: readonly BrokerTopic[], options: TopicOptions): Promise<void> {
  await withAdmin(connection, (admin) => verifyWith(admin, topics, options));
}

export async function verifyWith(admin: Admin, topics: readonly BrokerTopic[], options: TopicOptions): Promise<void> {
  const present = new Set(await admin.listTopics());
  const missing = topics
    .filter((topic) => !present.has(topic.name))
    .map((topic) => `${topic.name}: create it with ${topic.partitions} partitions`);
  const there = topics.filter((topic) => present.has(topic.name));
  const changes = [...missing, ...(there.length > 0 ? await differences(admin, there, options) : [])];
  if (changes.length > 0) throw new TopicsUnfit(changes);
}

async function differences(admin: Admin, topics: readonly BrokerTopic[], options: TopicOptions): Promise<readonly string[]> {
  const [metadata, configs] = await Promise.all([
    admin.fetchTopicMetadata({ topics: topics.map((topic) => topic.name) }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: topics.map((topic) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name: topic.name })),
    }),
  ]);
  return topics.flatMap((topic) => {
    const partitions = metadata.topics.find((each) => each.name === topic.name)?.partitions.length ?? 0;
    const entries = configs.resources.find((each) => each.resourceName === topic.name)?.configEntries ?? [];
    const actual = new Map(entries.map((entry) => [entry.configName, entry.configValue]));
    return [...partitionChange(topic, partitions), ...settingChanges(topic, actual, options)];
  });
}

function partitionChange(topic: BrokerTopic, actual: number): readonly string[] {
  if (actual === topic.partitions) return [];
  return [
    `${topic.name}: has ${actual} partitions, not ${topic.partitions}; keys would move, so make a new topic or correct the definition`,
  ];
}

/** Settings whose difference loses or alters records. A larger record limit or more in-sync replicas than asked for do no harm. */
export function settingChanges(topic: BrokerTopic, actual: ReadonlyMap<string, string>, options: TopicOptions): readonly string[] {
  return Object.entries(configOf(topic, options)).flatMap(([name, wanted]) => {
    const value = actual.get(name);
    if (value === undefined || fits(name, value, wanted)) return [];
    return [`${topic.name}: set ${name}=${wanted} (it is ${value})`];
  });
}

const AT_LEAST: ReadonlySet<string> = new Set(['min.insync.replicas', 'max.message.bytes']);

function fits(name: string, actual: string, wanted: string): boolean {
  return actual === wanted || (AT_LEAST.has(name) && Number(actual) >= Number(wanted));
}
