import { titleOf } from '../manifest.ts';
import { bytesOf, deploymentsIn, environmentOf } from '../workloads.ts';
import type { Rule } from './rule.ts';

const megabyte = 1024 ** 2;
/** Young space, buffers, code, stacks. */
const besidesOldSpace = 128 * megabyte;

/** Node must collect before the kernel kills: the old space is told, and leaves room under the memory limit. */
export const heapFits: Rule = {
  name: 'heap fits',
  check: (manifests) =>
    deploymentsIn(manifests)
      .filter(({ labels }) => labels['app.kubernetes.io/part-of'] === 'instep')
      .flatMap(({ manifest, pod }) =>
        pod.containers.flatMap((container) => {
          const { NODE_OPTIONS = '' } = environmentOf(container, manifests);
          const [, told] = /--max-old-space-size=(\d+)/.exec(NODE_OPTIONS) ?? [];
          if (told === undefined) return [`${titleOf(manifest)} does not tell Node how large its heap may be`];
          const limit = bytesOf(container.resources?.limits?.['memory']);
          return Number(told) * megabyte + besidesOldSpace <= limit
            ? []
            : [`${titleOf(manifest)} lets the old space grow to ${told} MB, too much for its memory limit`];
        }),
      ),
};
