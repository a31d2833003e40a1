import { titleOf } from '../manifest.ts';
import { ofKind, workloadsIn } from '../workloads.ts';
import type { Rule } from './rule.ts';

/** The namespace enforces Pod Security `restricted` and bounds what runs in it, and everything lives there. */
export const restrictedNamespace: Rule = {
  name: 'restricted namespace',
  check: (manifests) => {
    const namespaces = ofKind(manifests, 'Namespace');
    const names = new Set(namespaces.map(({ metadata }) => metadata.name));
    return [
      ...(namespaces.length > 0 ? [] : ['no namespace is made']),
      ...namespaces
        .filter(({ metadata }) => metadata.labels?.['pod-security.kubernetes.io/enforce'] !== 'restricted')
        .map((namespace) => `${titleOf(namespace)} does not enforce Pod Security "restricted"`),
      ...(ofKind(manifests, 'ResourceQuota').length > 0 ? [] : ['no quota bounds the namespace']),
      ...workloadsIn(manifests)
        .filter(({ manifest }) => !names.has(manifest.metadata.namespace ?? ''))
        .map(({ manifest }) => `${titleOf(manifest)} is not in the namespace that is made for it`),
    ];
  },
};
