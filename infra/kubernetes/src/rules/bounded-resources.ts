import { titleOf } from '../manifest.ts';
import { bytesOf, workloadsIn, type Container } from '../workloads.ts';
import type { Rule } from './rule.ts';

const mostOverRequest = 1.5;

/** Requests for both, a memory limit near the request, and no CPU limit: throttling looks like lag. */
export const boundedResources: Rule = {
  name: 'bounded resources',
  check: (manifests) =>
    workloadsIn(manifests).flatMap(({ manifest, pod }) =>
      [...(pod.initContainers ?? []), ...pod.containers].flatMap((container) =>
        mistakesOf(container).map((mistake) => `${titleOf(manifest)}: ${container.name} ${mistake}`),
      ),
    ),
};

function mistakesOf({ resources }: Container): readonly string[] {
  const requested = bytesOf(resources?.requests?.['memory']);
  const limit = bytesOf(resources?.limits?.['memory']);
  return [
    ...(resources?.requests?.['cpu'] === undefined ? ['requests no CPU'] : []),
    ...(Number.isNaN(requested) ? ['requests no memory'] : []),
    ...(Number.isNaN(limit) ? ['has no memory limit'] : []),
    ...(limit > requested * mostOverRequest ? [`may use more than ${mostOverRequest} times the memory it requests`] : []),
    ...(resources?.limits?.['cpu'] === undefined ? [] : ['has a CPU limit']),
  ];
}
