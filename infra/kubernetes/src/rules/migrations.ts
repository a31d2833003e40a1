import { titleOf } from '../manifest.ts';
import { deploymentsIn, environmentOf, workloadsIn } from '../workloads.ts';
import type { Rule } from './rule.ts';

/** One job for each service with a database, named by the version it brings, of the same image; pods do not migrate themselves. */
export const migrations: Rule = {
  name: 'migrations',
  check: (manifests) => {
    const jobs = workloadsIn(manifests).filter(
      ({ manifest, pod }) => manifest.kind === 'Job' && pod.containers[0]?.args?.[0] === 'migrate',
    );
    return deploymentsIn(manifests)
      .filter(({ labels }) => labels['app.kubernetes.io/part-of'] === 'instep')
      .flatMap(({ manifest, pod }) => {
        const [container] = pod.containers;
        const image = container?.image ?? '';
        const job = jobs.find((each) => each.pod.containers[0]?.image === image);
        if (!container || !job) return [`${titleOf(manifest)} has no migration job of the same image`];
        const version = image.slice(image.lastIndexOf(':') + 1).replaceAll('.', '-');
        return [
          ...(job.manifest.metadata.name.includes(`-${version}-`)
            ? []
            : [`${titleOf(job.manifest)} does not carry the version ${version} in its name`]),
          ...(environmentOf(container, manifests)['INSTEP_MIGRATE_AT_START'] === 'false'
            ? []
            : [`${titleOf(manifest)} migrates when its pods start`]),
          ...((job.pod.containers[0]?.envFrom ?? []).length === 0
            ? []
            : [`${titleOf(job.manifest)} takes settings from a ConfigMap: its template would change with them, which no job can`]),
        ];
      });
  },
};
