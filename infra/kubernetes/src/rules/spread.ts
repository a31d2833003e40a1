import { titleOf } from '../manifest.ts';
import { deploymentsIn, selects } from '../workloads.ts';
import type { Rule } from './rule.ts';

const over = ['topology.kubernetes.io/zone', 'kubernetes.io/hostname'];

/** The loss of a zone or of a node takes some pods of a deployment, never all. */
export const spread: Rule = {
  name: 'spread',
  check: (manifests) =>
    deploymentsIn(manifests).flatMap(({ manifest, labels, pod }) =>
      over
        .filter((key) => {
          const constraint = pod.topologySpreadConstraints?.find(({ topologyKey }) => topologyKey === key);
          const named = Object.keys(constraint?.labelSelector?.matchLabels ?? {}).length > 0;
          return !named || !selects(constraint?.labelSelector, labels);
        })
        .map((key) => `${titleOf(manifest)} does not spread its pods over ${key}`),
    ),
};
