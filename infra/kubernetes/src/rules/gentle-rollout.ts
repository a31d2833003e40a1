import { titleOf } from '../manifest.ts';
import { deploymentsIn } from '../workloads.ts';
import type { Rule } from './rule.ts';

interface Strategy {
  readonly type?: string;
  readonly rollingUpdate?: { readonly maxSurge?: number | string; readonly maxUnavailable?: number | string };
}

/** One pod at a time, each watched for a moment: every member that comes or goes moves partitions of all. */
export const gentleRollout: Rule = {
  name: 'gentle rollout',
  check: (manifests) =>
    deploymentsIn(manifests)
      .filter(({ labels }) => labels['app.kubernetes.io/part-of'] === 'instep')
      .flatMap(({ manifest }) => {
        const { strategy, minReadySeconds = 0 } = manifest['spec'] as { strategy?: Strategy; minReadySeconds?: number };
        const { maxSurge, maxUnavailable } = strategy?.rollingUpdate ?? {};
        return [
          ...(strategy?.type === 'RollingUpdate' && Number(maxSurge) + Number(maxUnavailable) === 1
            ? []
            : [`${titleOf(manifest)} replaces more than one pod at a time`]),
          ...(minReadySeconds >= 5 ? [] : [`${titleOf(manifest)} goes on to the next pod at once`]),
        ];
      }),
};
