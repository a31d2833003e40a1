import { titleOf } from '../manifest.ts';
import { ofKind, workloadsIn } from '../workloads.ts';
import type { Rule } from './rule.ts';

/** A pod has an account that nothing else has, and no token: none of ours talks to the API server. */
export const ownAccount: Rule = {
  name: 'own account',
  check: (manifests) => {
    const accounts = new Set(ofKind(manifests, 'ServiceAccount').map(({ metadata }) => metadata.name));
    return workloadsIn(manifests).flatMap(({ manifest, pod }) => {
      const account = pod.serviceAccountName ?? 'default';
      return [
        ...(accounts.has(account) ? [] : [`${titleOf(manifest)} runs under the account "${account}", which is not made here`]),
        ...(pod.automountServiceAccountToken === false ? [] : [`${titleOf(manifest)} is given a token of the API server`]),
      ];
    });
  },
};
