import { titleOf } from '../manifest.ts';
import { deploymentsIn } from '../workloads.ts';
import type { Rule } from './rule.ts';

/** All three, and none that restarts a pod because a broker or database is away: those two never ask readiness. */
export const probes: Rule = {
  name: 'probes',
  check: (manifests) =>
    deploymentsIn(manifests).flatMap(({ manifest, labels, pod }) =>
      pod.containers.flatMap(({ startupProbe, livenessProbe, readinessProbe }) => {
        const ready = readinessProbe?.httpGet?.path;
        const ours = labels['app.kubernetes.io/part-of'] === 'instep';
        const restarting = [startupProbe?.httpGet?.path, livenessProbe?.httpGet?.path];
        return [
          ...(startupProbe ? [] : [`${titleOf(manifest)} has no startup probe`]),
          ...(livenessProbe ? [] : [`${titleOf(manifest)} has no liveness probe`]),
          ...(readinessProbe ? [] : [`${titleOf(manifest)} has no readiness probe`]),
          ...(ours && restarting.includes(ready) ? [`${titleOf(manifest)} is restarted when it is not ready`] : []),
        ];
      }),
    ),
};
