import { titleOf } from '../manifest.ts';
import { deploymentsIn, environmentOf } from '../workloads.ts';
import type { Rule } from './rule.ts';

/** Where webhooks come from outside, connectors are told who may send them: otherwise they take the sample connection, whose secret is public. */
export const ownConnections: Rule = {
  name: 'own connections',
  check: (manifests) =>
    manifests.some(({ kind }) => kind === 'HTTPRoute')
      ? deploymentsIn(manifests)
          .filter(({ labels }) => labels['app.kubernetes.io/name'] === 'connectors')
          .filter(({ pod }) => pod.containers.every((container) => environmentOf(container, manifests)['INSTEP_CONNECTIONS'] === undefined))
          .map(({ manifest }) => `${titleOf(manifest)} takes webhooks under the sample secret: set INSTEP_CONNECTIONS`)
      : [],
};
