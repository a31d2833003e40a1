import { titleOf } from '../manifest.ts';
import { ofKind } from '../workloads.ts';
import type { Rule } from './rule.ts';

const brokerMustSay: Readonly<Record<string, string>> = {
  'auto.create.topics.enable': 'false',
  'delete.topic.enable': 'false',
  'log.retention.ms': '-1',
  'log.retention.bytes': '-1',
  'unclean.leader.election.enable': 'false',
};
const topicMustSay: Readonly<Record<string, string>> = {
  'cleanup.policy': 'delete',
  'retention.ms': '-1',
  'retention.bytes': '-1',
  'unclean.leader.election.enable': 'false',
};

/** The log is the truth: no setting lets it expire, be compacted or be deleted with an object of Kubernetes, and its disks stay. */
export const keptHistory: Rule = {
  name: 'kept history',
  check: (manifests) => [
    ...ofKind(manifests, 'Kafka').flatMap((kafka) => {
      const { kafka: spec } = kafka['spec'] as { kafka: { config?: Readonly<Record<string, unknown>> } };
      return missing(spec.config ?? {}, brokerMustSay).map((setting) => `${titleOf(kafka)} does not set ${setting}`);
    }),
    ...ofKind(manifests, 'KafkaTopic').flatMap((topic) => {
      const { config = {} } = topic['spec'] as { config?: Readonly<Record<string, unknown>> };
      return missing(config, topicMustSay).map((setting) => `${titleOf(topic)} does not set ${setting}`);
    }),
    ...ofKind(manifests, 'KafkaNodePool').flatMap((pool) => {
      const { storage } = pool['spec'] as { storage: { volumes?: readonly { type: string; deleteClaim?: boolean }[] } };
      const kept = (storage.volumes ?? []).every(({ type, deleteClaim }) => type === 'persistent-claim' && deleteClaim === false);
      return kept && storage.volumes ? [] : [`${titleOf(pool)} loses its disks when it is deleted`];
    }),
  ],
};

function missing(config: Readonly<Record<string, unknown>>, wanted: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(wanted)
    .filter(([name, value]) => String(config[name]) !== value)
    .map(([name, value]) => `${name}=${value}`);
}
