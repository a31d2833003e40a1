import { titleOf } from '../manifest.ts';
import { deploymentsIn, environmentOf } from '../workloads.ts';
import type { Rule } from './rule.ts';

/** Beyond its own deadline a service cuts what hangs; this much later it is gone. */
const cutMs = 2_500;

/** A pause until no request comes any more, then time enough for the service's own deadline. */
export const endsInOrder: Rule = {
  name: 'ends in order',
  check: (manifests) =>
    deploymentsIn(manifests).flatMap(({ manifest, pod }) =>
      pod.containers.flatMap((container) => {
        const pause = container.lifecycle?.preStop?.sleep?.seconds;
        if (pause === undefined) return [`${titleOf(manifest)} ends while requests still come: preStop.sleep is missing`];
        const deadline = Number(environmentOf(container, manifests)['SHUTDOWN_DEADLINE_MS'] ?? 0);
        const needed = pause + (deadline + cutMs) / 1_000;
        const given = pod.terminationGracePeriodSeconds ?? 30;
        return given > needed ? [] : [`${titleOf(manifest)} is killed after ${given} s and may need ${needed} s to end`];
      }),
    ),
};
