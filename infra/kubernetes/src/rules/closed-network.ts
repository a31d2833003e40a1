import { titleOf, type Manifest } from '../manifest.ts';
import { ofKind, selects, workloadsIn, type Selector } from '../workloads.ts';
import type { Rule } from './rule.ts';

interface Policy {
  readonly podSelector: Selector;
  readonly policyTypes?: readonly string[];
  readonly ingress?: readonly { readonly from?: readonly unknown[]; readonly ports?: readonly unknown[] }[];
  readonly egress?: readonly { readonly to?: readonly unknown[]; readonly ports?: readonly unknown[] }[];
}

/** Everything is denied in both directions; what is allowed names who and where; every pod of ours has an edge of its own. */
export const closedNetwork: Rule = {
  name: 'closed network',
  check: (manifests) => {
    const policies = ofKind(manifests, 'NetworkPolicy');
    const denied = policies.some((policy) => {
      const { podSelector, policyTypes = [], ingress = [], egress = [] } = policyOf(policy);
      const all = Object.keys(podSelector.matchLabels ?? {}).length === 0;
      return all && policyTypes.includes('Ingress') && policyTypes.includes('Egress') && ingress.length + egress.length === 0;
    });
    return [
      ...(denied ? [] : ['nothing denies what no policy allows']),
      ...policies.filter((policy) => isOpen(policyOf(policy))).map((policy) => `${titleOf(policy)} lets anybody in or out on any port`),
      ...workloadsIn(manifests)
        .filter(({ labels }) => !policies.some((policy) => named(policy) && selects(policyOf(policy).podSelector, labels)))
        .map(({ manifest }) => `${titleOf(manifest)} has no edge of its own: its pods reach nothing`),
    ];
  },
};

function isOpen({ ingress = [], egress = [] }: Policy): boolean {
  const nobody = (peers: readonly unknown[] | undefined): boolean => (peers ?? []).length === 0;
  return ingress.some(({ from }) => nobody(from)) || egress.some(({ to, ports }) => nobody(to) && (ports ?? []).length === 0);
}

function named(policy: Manifest): boolean {
  return Object.keys(policyOf(policy).podSelector.matchLabels ?? {}).length > 0;
}

function policyOf(manifest: Manifest): Policy {
  return manifest['spec'] as Policy;
}
