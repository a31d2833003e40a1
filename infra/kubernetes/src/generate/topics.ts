import { topics, type TopicDefinition } from '@instep/contracts';
import { topicConfig } from '@instep/event-log-kafka';

import type { Manifest } from '../manifest.ts';
import { kafkaCluster } from './names.ts';

const replicas = 3;

/** Every topic of the contracts, kept for ever. Overlays with one broker take replicas and acknowledgements down. */
export function kafkaTopics(): readonly Manifest[] {
  return Object.values(topics).map((topic: TopicDefinition) => ({
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaTopic',
    metadata: { name: topic.name, labels: { 'strimzi.io/cluster': kafkaCluster } },
    spec: {
      topicName: topic.name,
      partitions: topic.partitions,
      replicas,
      config: topicConfig(topic, { replicationFactor: replicas }),
    },
  }));
}
