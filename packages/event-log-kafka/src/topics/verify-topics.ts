import type { Admin } from 'kafkajs';
import type { KafkaConnection } from '../settings.ts';
import { configOf, type BrokerTopic, type TopicOptions } from './broker-topic.ts';
import { describeWith, type BrokerState, type LogState, type TopicState } from './describe-log.ts';
import { withAdmin } from './with-admin.ts';

/** Topics are missing, or topics or brokers set up so that history would be lost or keys would move. `changes` says, line by line, what to change. */
export class TopicsUnfit extends Error {
  readonly code = 'log/topics-unfit';
  readonly transient = false;
  readonly changes: readonly string[];

  constructor(changes: readonly string[]) {
    super(`topics of the log are not as they must be:\n${changes.map((change) => `  - ${change}`).join('\n')}`);
    this.changes = changes;
  }
}

/**
 * Resolves when every topic is there with its partitions, copies and settings, and no broker makes topics on its own or lets a copy lead
 * that missed records; rejects with `TopicsUnfit` or `LogUnavailable`. Settings of brokers that may not be seen are passed over. Changes nothing.
 */
export async function verifyTopics(connection: KafkaConnection, topics: readonly BrokerTopic[], options: TopicOptions): Promise<void> {
  await withAdmin(connection, (admin) => verifyWith(admin, topics, options));
}

export async function verifyWith(admin: Admin, topics: readonly BrokerTopic[], options: TopicOptions): Promise<void> {
  const changes = changesOf(await describeWith(admin, topics), topics, options);
  if (changes.length > 0) throw new TopicsUnfit(changes);
}

/** What to change so that the topics keep everything, line by line; empty when all is as it must be. */
export function changesOf({ brokers, topics: there }: LogState, topics: readonly BrokerTopic[], options: TopicOptions): readonly string[] {
  const found = new Map(there.map((topic) => [topic.name, topic]));
  const missing = topics
    .filter(({ name }) => !found.has(name))
    .map(({ name, partitions }) => `${name}: create it with ${partitions} partitions`);
  const wrong = topics.flatMap((topic) => {
    const state = found.get(topic.name);
    return state
      ? [...partitionChange(topic, state), ...replicaChange(state, options), ...settingChanges(topic, state.settings, options)]
      : [];
  });
  return [...brokers.flatMap(brokerChanges), ...missing, ...wrong];
}

const BROKER_WANTED = [
  ['auto.create.topics.enable', 'a mistyped topic would come to be and expire'],
  ['unclean.leader.election.enable', 'a copy that missed records could become leader'],
] as const;

function brokerChanges({ nodeId, settings }: BrokerState): readonly string[] {
  return BROKER_WANTED.flatMap(([name, why]) => {
    const value = settings?.get(name);
    return value === 'true' ? [`broker ${nodeId}: set ${name}=false (it is true: ${why})`] : [];
  });
}

function partitionChange({ name, partitions }: BrokerTopic, actual: TopicState): readonly string[] {
  if (actual.partitions === partitions) return [];
  return [
    `${name}: has ${actual.partitions} partitions, not ${partitions}; keys would move, so make a new topic or correct the definition`,
  ];
}

function replicaChange({ name, replicas }: TopicState, { replicationFactor }: TopicOptions): readonly string[] {
  if (replicas >= replicationFactor) return [];
  return [
    `${name}: has ${replicas} ${replicas === 1 ? 'copy' : 'copies'}, not ${replicationFactor}; reassign its partitions to more brokers`,
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
