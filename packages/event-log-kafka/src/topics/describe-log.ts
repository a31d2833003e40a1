import type { Admin } from 'kafkajs';

import { protocolError } from '../faults.ts';
import { kafkajs } from '../kafkajs/internals.ts';
import type { KafkaConnection } from '../settings.ts';
import type { BrokerTopic } from './broker-topic.ts';
import { withAdmin } from './with-admin.ts';

/** A topic as it is on the brokers. */
export interface TopicState {
  readonly name: string;
  readonly partitions: number;
  /** Copies of the partition that has the fewest. */
  readonly replicas: number;
  /** Copies in step with their leader, of the partition that has the fewest. */
  readonly inSync: number;
  /** Settings in force, by their names, whether set on the topic or on the broker. */
  readonly settings: ReadonlyMap<string, string>;
}

export interface BrokerState {
  readonly nodeId: number;
  readonly address: string;
  /** Undefined when the brokers do not let us see them. */
  readonly settings: ReadonlyMap<string, string> | undefined;
}

export interface LogState {
  readonly brokers: readonly BrokerState[];
  /** Those of the topics asked for that exist. */
  readonly topics: readonly TopicState[];
}

/** The brokers, and these topics as they are. Changes nothing. Rejects with `LogUnavailable` when no broker answers. */
export async function describeLog(connection: KafkaConnection, topics: readonly Pick<BrokerTopic, 'name'>[]): Promise<LogState> {
  return withAdmin(connection, (admin) => describeWith(admin, topics));
}

export async function describeWith(admin: Admin, topics: readonly Pick<BrokerTopic, 'name'>[]): Promise<LogState> {
  const present = new Set(await admin.listTopics());
  const there = topics.map(({ name }) => name).filter((name) => present.has(name));
  return { brokers: await describeBrokers(admin), topics: there.length > 0 ? await describeTopics(admin, there) : [] };
}

async function describeTopics(admin: Admin, names: readonly string[]): Promise<readonly TopicState[]> {
  const [metadata, configs] = await Promise.all([
    admin.fetchTopicMetadata({ topics: [...names] }),
    admin.describeConfigs({
      includeSynonyms: false,
      resources: names.map((name) => ({ type: kafkajs.ConfigResourceTypes.TOPIC, name })),
    }),
  ]);
  return names.map((name) => {
    const partitions = metadata.topics.find((topic) => topic.name === name)?.partitions ?? [];
    const entries = configs.resources.find(({ resourceName }) => resourceName === name)?.configEntries ?? [];
    return {
      name,
      partitions: partitions.length,
      replicas: Math.min(...partitions.map(({ replicas }) => replicas.length)),
      inSync: Math.min(...partitions.map(({ isr }) => isr.length)),
      settings: new Map(entries.map(({ configName, configValue }) => [configName, configValue])),
    };
  });
}

const BROKER_SETTINGS = ['auto.create.topics.enable', 'unclean.leader.election.enable'];

/** A service with no more rights than it needs may not see the settings of brokers. */
async function describeBrokers(admin: Admin): Promise<readonly BrokerState[]> {
  const { brokers } = await admin.describeCluster();
  const settings = new Map<number, ReadonlyMap<string, string>>();
  try {
    const { resources } = await admin.describeConfigs({
      includeSynonyms: false,
      resources: brokers.map(({ nodeId }) => ({
        type: kafkajs.ConfigResourceTypes.BROKER,
        name: String(nodeId),
        configNames: BROKER_SETTINGS,
      })),
    });
    for (const { resourceName, configEntries } of resources)
      settings.set(Number(resourceName), new Map(configEntries.map(({ configName, configValue }) => [configName, configValue])));
  } catch (cause) {
    if (protocolError(cause) !== 'CLUSTER_AUTHORIZATION_FAILED') throw cause;
  }
  return brokers.map(({ nodeId, host, port }) => ({ nodeId, address: `${host}:${String(port)}`, settings: settings.get(nodeId) }));
}
