import type { Manifest } from '../manifest.ts';
import type { Cluster } from './cluster.ts';

export const namespace = 'instep';
const ours = 'app.kubernetes.io/part-of=instep,app.kubernetes.io/component=service';

/** A pod of a service that runs. */
export interface PodFacts {
  readonly name: string;
  readonly service: string;
  readonly node: string;
  readonly ready: boolean;
}

interface Pod extends Manifest {
  readonly spec: { readonly nodeName?: string };
  readonly status: { readonly conditions?: readonly { readonly type: string; readonly status: string }[] };
}

/** Those that are not on their way out. */
export async function podsOf(cluster: Cluster): Promise<readonly PodFacts[]> {
  const pods = await cluster.list<Pod>('pods', '-n', namespace, '-l', ours);
  return pods
    .filter(({ metadata }) => !('deletionTimestamp' in metadata))
    .map(({ metadata, spec, status }) => ({
      name: metadata.name,
      service: metadata.labels?.['app.kubernetes.io/name'] ?? '',
      node: spec.nodeName ?? '',
      ready: status.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') === true,
    }));
}

/** The zone of a simulated node is the first part of its name. */
export function zoneOf(node: string): string {
  return node.slice(0, node.indexOf('-'));
}
