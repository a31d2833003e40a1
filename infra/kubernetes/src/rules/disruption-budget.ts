import { titleOf, type Manifest } from '../manifest.ts';
import { deploymentsIn, ofKind, selects, workloadsIn, type Selector } from '../workloads.ts';
import type { Rule } from './rule.ts';

interface Budget {
  readonly selector?: Selector;
  readonly maxUnavailable?: number | string;
  readonly unhealthyPodEvictionPolicy?: string;
}

/** A drain takes one pod of a deployment at a time, is not held up by a broken one, and never counts the pods of a job. */
export const disruptionBudget: Rule = {
  name: 'disruption budget',
  check: (manifests) => {
    const budgets = ofKind(manifests, 'PodDisruptionBudget');
    return [
      ...deploymentsIn(manifests).flatMap(({ manifest, labels }) => {
        const own = budgets.filter((budget) => selects(budgetOf(budget).selector, labels));
        return own.length === 1 ? [] : [`${titleOf(manifest)} has ${own.length === 0 ? 'no' : 'more than one'} disruption budget`];
      }),
      ...budgets.flatMap((budget) => {
        const { maxUnavailable, unhealthyPodEvictionPolicy, selector } = budgetOf(budget);
        const jobs = workloadsIn(manifests).filter(({ manifest, labels }) => manifest.kind === 'Job' && selects(selector, labels));
        return [
          ...(maxUnavailable === 1 ? [] : [`${titleOf(budget)} does not say one at a time`]),
          ...(unhealthyPodEvictionPolicy === 'AlwaysAllow' ? [] : [`${titleOf(budget)} lets a broken pod hold up a drain`]),
          ...jobs.map(({ manifest }) => `${titleOf(budget)} also counts the pods of ${titleOf(manifest)}`),
        ];
      }),
    ];
  },
};

function budgetOf(manifest: Manifest): Budget {
  return manifest['spec'] as Budget;
}
