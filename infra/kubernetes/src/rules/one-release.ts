import { titleOf } from '../manifest.ts';
import { deploymentsIn, environmentOf, workloadsIn } from '../workloads.ts';
import type { Rule } from './rule.ts';

const fullName = /^(?:localhost|[a-z0-9-]+(?:\.[a-z0-9-]+)+)(?::\d+)?\/[^:@]+:(?<tag>[^@]+)(?:@sha256:[0-9a-f]{64})?$/;

/** Images have whole names and a tag that stays; all of ours are of one release, and that is the one the pods tell of themselves. */
export const oneRelease: Rule = {
  name: 'one release',
  check: (manifests) => [
    ...workloadsIn(manifests).flatMap(({ manifest, pod }) =>
      pod.containers.flatMap(({ image = '' }) => {
        const tag = fullName.exec(image)?.groups?.['tag'];
        return tag === undefined || tag === 'latest'
          ? [`${titleOf(manifest)} has the image "${image}", which names no registry or no version`]
          : [];
      }),
    ),
    ...deploymentsIn(manifests)
      .filter(({ labels }) => labels['app.kubernetes.io/part-of'] === 'instep')
      .flatMap(({ manifest, pod }) =>
        pod.containers.flatMap((container) => {
          const { INSTEP_VERSION: told = 'nothing' } = environmentOf(container, manifests);
          const tag = fullName.exec(container.image ?? '')?.groups?.['tag'];
          return tag === told ? [] : [`${titleOf(manifest)} runs ${tag ?? 'no version'} and says ${told}`];
        }),
      ),
  ],
};
