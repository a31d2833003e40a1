import { titleOf } from '../manifest.ts';
import { workloadsIn, type Container, type PodSpec } from '../workloads.ts';
import type { Rule } from './rule.ts';

/** What Pod Security `restricted` asks, and a root file system that nobody can write. */
export const hardenedPods: Rule = {
  name: 'hardened pods',
  check: (manifests) =>
    workloadsIn(manifests).flatMap(({ manifest, pod }) => {
      const containers = [...(pod.initContainers ?? []), ...pod.containers];
      return [...podMistakes(pod), ...containers.flatMap(containerMistakes)].map((mistake) => `${titleOf(manifest)} ${mistake}`);
    }),
};

function podMistakes(pod: PodSpec): readonly string[] {
  return [
    ...(pod.securityContext?.runAsNonRoot === true ? [] : ['may run as root']),
    ...(pod.securityContext?.seccompProfile?.type === 'RuntimeDefault' ? [] : ['has no seccomp profile']),
    ...(pod.hostNetwork === true || pod.hostPID === true || pod.hostIPC === true ? ['shares a namespace of its node'] : []),
    ...(pod.volumes?.some(({ hostPath }) => hostPath !== undefined) === true ? ['mounts a folder of its node'] : []),
  ];
}

function containerMistakes({ name, securityContext = {} }: Container): readonly string[] {
  const { capabilities = {} } = securityContext;
  return [
    ...(securityContext.allowPrivilegeEscalation === false && securityContext.privileged !== true ? [] : [`lets ${name} gain privileges`]),
    ...(securityContext.readOnlyRootFilesystem === true ? [] : [`lets ${name} write its root file system`]),
    ...(capabilities.drop?.includes('ALL') === true && (capabilities.add ?? []).length === 0 ? [] : [`leaves ${name} capabilities`]),
  ];
}
