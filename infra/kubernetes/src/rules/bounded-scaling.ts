import { titleOf, type Manifest } from '../manifest.ts';
import { deploymentsIn, environmentOf, ofKind } from '../workloads.ts';
import type { Rule } from './rule.ts';

interface Scaled {
  readonly scaleTargetRef: { readonly name: string };
  readonly minReplicaCount?: number;
  readonly maxReplicaCount?: number;
  readonly triggers: readonly { readonly metadata: Readonly<Record<string, string>> }[];
}

/** For the server itself: replication, the operator, whoever has to look. */
const reservedConnections = 20;

/** At least two pods, no more than partitions, no more than the database bears, and no second hand on the number of replicas. */
export const boundedScaling: Rule = {
  name: 'bounded scaling',
  check: (manifests) => {
    const scaled = ofKind(manifests, 'ScaledObject');
    return [...scaled.flatMap((each) => mistakesOf(each, manifests)), ...tooManyConnections(scaled, manifests)];
  },
};

function mistakesOf(scaled: Manifest, manifests: readonly Manifest[]): readonly string[] {
  const { scaleTargetRef, minReplicaCount = 0, maxReplicaCount = 100, triggers } = scaled['spec'] as Scaled;
  const target = deploymentsIn(manifests).find(({ manifest }) => manifest.metadata.name === scaleTargetRef.name);
  const read = triggers.map(({ metadata }) => metadata['topic']);
  const partitions = Math.max(
    0,
    ...ofKind(manifests, 'KafkaTopic')
      .filter(({ metadata }) => read.includes(metadata.name))
      .map((topic) => (topic['spec'] as { partitions: number }).partitions),
  );
  return [
    ...(target ? [] : [`${titleOf(scaled)} scales ${scaleTargetRef.name}, which is not there`]),
    ...(minReplicaCount >= 2 ? [] : [`${titleOf(scaled)} leaves fewer than two pods`]),
    ...(maxReplicaCount <= partitions ? [] : [`${titleOf(scaled)} makes more pods than the ${partitions} partitions they share`]),
    ...((target?.manifest['spec'] as { replicas?: number } | undefined)?.replicas === undefined
      ? []
      : [`${scaleTargetRef.name} sets its replicas, and so does ${titleOf(scaled)}`]),
  ];
}

function tooManyConnections(scaled: readonly Manifest[], manifests: readonly Manifest[]): readonly string[] {
  const most = new Map(
    scaled.map((each) => [(each['spec'] as Scaled).scaleTargetRef.name, (each['spec'] as Scaled).maxReplicaCount ?? 100]),
  );
  const wanted = deploymentsIn(manifests).reduce((sum, { manifest, pod }) => {
    const pods = most.get(manifest.metadata.name);
    const perPod = pod.containers.map((container) => 2 * Number(environmentOf(container, manifests)['DATABASE_CONNECTIONS'] ?? 0));
    return sum + (pods ?? 0) * Math.max(0, ...perPod);
  }, 0);
  return ofKind(manifests, 'Cluster').flatMap((cluster) => {
    const { postgresql } = cluster['spec'] as { postgresql?: { parameters?: Readonly<Record<string, string>> } };
    const offered = Number(postgresql?.parameters?.['max_connections'] ?? 100) - reservedConnections;
    return wanted <= offered ? [] : [`${titleOf(cluster)} offers ${offered} connections, and all pods together may want ${wanted}`];
  });
}
