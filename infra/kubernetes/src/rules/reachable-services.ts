import { titleOf } from '../manifest.ts';
import { deploymentsIn, ofKind, selects, workloadsIn } from '../workloads.ts';
import type { Rule } from './rule.ts';

interface Service {
  readonly selector?: Readonly<Record<string, string>>;
  readonly ports?: readonly { readonly targetPort?: number | string }[];
}

/** A Service finds pods of one deployment, by a port that they name, and never those of a job. */
export const reachableServices: Rule = {
  name: 'reachable services',
  check: (manifests) =>
    ofKind(manifests, 'Service').flatMap((service) => {
      const { selector = {}, ports = [] } = service['spec'] as Service;
      const found = deploymentsIn(manifests).filter(({ labels }) => selects({ matchLabels: selector }, labels));
      const jobs = workloadsIn(manifests).filter(
        ({ manifest, labels }) => manifest.kind === 'Job' && selects({ matchLabels: selector }, labels),
      );
      const named = new Set(
        found.flatMap(({ pod }) => pod.containers.flatMap((container) => (container.ports ?? []).map(({ name }) => name))),
      );
      return [
        ...(found.length === 1 ? [] : [`${titleOf(service)} finds the pods of ${found.length} deployments`]),
        ...jobs.map(({ manifest }) => `${titleOf(service)} also finds the pods of ${titleOf(manifest)}`),
        ...ports
          .filter(({ targetPort }) => !named.has(String(targetPort)))
          .map(({ targetPort }) => `${titleOf(service)} goes to the port ${String(targetPort)}, which no pod names`),
      ];
    }),
};
