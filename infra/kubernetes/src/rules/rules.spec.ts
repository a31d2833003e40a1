import { describe, expect, it } from '@jest/globals';

import type { Manifest } from '../manifest.ts';
import { goodCompany } from '../testing/good-company.ts';
import { rulesFor } from './all-rules.ts';

/** What a rule must say once the good company is spoilt in one way: kind of the object, path in it (dots; numbers are places), new value. */
type Spoilt = readonly [rule: string, kind: string, path: string, value: unknown, says: string];

const connectors = { 'app.kubernetes.io/name': 'connectors', 'app.kubernetes.io/part-of': 'instep' };
const container = 'spec.template.spec.containers.0';
const bad: readonly Spoilt[] = [
  ['hardened pods', 'Deployment', 'spec.template.spec.securityContext.runAsNonRoot', false, 'may run as root'],
  ['hardened pods', 'Job', 'spec.template.spec.securityContext.seccompProfile', undefined, 'has no seccomp profile'],
  ['hardened pods', 'Deployment', `${container}.securityContext.readOnlyRootFilesystem`, false, 'write its root file system'],
  ['hardened pods', 'Deployment', `${container}.securityContext.capabilities.drop`, ['NET_RAW'], 'leaves service capabilities'],
  ['hardened pods', 'Deployment', `${container}.securityContext.allowPrivilegeEscalation`, undefined, 'gain privileges'],
  ['hardened pods', 'Deployment', 'spec.template.spec.hostNetwork', true, 'shares a namespace of its node'],
  ['hardened pods', 'Deployment', 'spec.template.spec.volumes', [{ name: 'x', hostPath: { path: '/' } }], 'mounts a folder of its node'],
  ['own account', 'Deployment', 'spec.template.spec.serviceAccountName', undefined, 'under the account "default"'],
  ['own account', 'Job', 'spec.template.spec.automountServiceAccountToken', undefined, 'given a token'],
  ['bounded resources', 'Deployment', `${container}.resources.limits.cpu`, '1', 'has a CPU limit'],
  ['bounded resources', 'Deployment', `${container}.resources.limits.memory`, '1Gi', 'more than 1.5 times'],
  ['bounded resources', 'Job', `${container}.resources.limits`, undefined, 'has no memory limit'],
  ['bounded resources', 'Job', `${container}.resources.requests`, undefined, 'requests no CPU'],
  ['heap fits', 'ConfigMap', 'data.NODE_OPTIONS', '', 'does not tell Node'],
  ['heap fits', 'ConfigMap', 'data.NODE_OPTIONS', '--max-old-space-size=390', 'too much for its memory limit'],
  ['probes', 'Deployment', `${container}.livenessProbe.httpGet.path`, '/health/ready', 'is restarted when it is not ready'],
  ['probes', 'Deployment', `${container}.startupProbe`, undefined, 'has no startup probe'],
  ['ends in order', 'Deployment', `${container}.lifecycle`, undefined, 'preStop.sleep is missing'],
  ['ends in order', 'Deployment', 'spec.template.spec.terminationGracePeriodSeconds', 20, 'is killed after 20 s'],
  ['disruption budget', 'PodDisruptionBudget', 'spec.maxUnavailable', '50%', 'does not say one at a time'],
  ['disruption budget', 'PodDisruptionBudget', 'spec.unhealthyPodEvictionPolicy', undefined, 'hold up a drain'],
  [
    'disruption budget',
    'PodDisruptionBudget',
    'spec.selector.matchLabels',
    { 'app.kubernetes.io/name': 'hr' },
    'also counts the pods of Job',
  ],
  ['disruption budget', 'PodDisruptionBudget', 'spec.selector.matchLabels', { other: 'x' }, 'has no disruption budget'],
  ['spread', 'Deployment', 'spec.template.spec.topologySpreadConstraints.0', {}, 'topology.kubernetes.io/zone'],
  [
    'spread',
    'Deployment',
    'spec.template.spec.topologySpreadConstraints.1.labelSelector.matchLabels',
    { a: 'b' },
    'kubernetes.io/hostname',
  ],
  ['gentle rollout', 'Deployment', 'spec.strategy.rollingUpdate.maxSurge', 1, 'more than one pod at a time'],
  ['gentle rollout', 'Deployment', 'spec.minReadySeconds', undefined, 'next pod at once'],
  ['one release', 'Job', `${container}.image`, 'instep/hr:1.2.0', 'names no registry'],
  ['one release', 'Deployment', `${container}.image`, 'registry.example.com/instep/hr:latest', 'no version'],
  ['one release', 'ConfigMap', 'data.INSTEP_VERSION', '1.1.0', 'runs 1.2.0 and says 1.1.0'],
  ['migrations', 'Job', 'metadata.name', 'migrate-hr', 'does not carry the version 1-2-0'],
  ['migrations', 'Job', `${container}.image`, 'registry.example.com/instep/hr:1.1.0', 'no migration job of the same image'],
  ['migrations', 'Job', `${container}.envFrom`, [{ configMapRef: { name: 'instep-hr' } }], 'takes settings from a ConfigMap'],
  ['migrations', 'ConfigMap', 'data.INSTEP_MIGRATE_AT_START', 'true', 'migrates when its pods start'],
  ['no secrets', 'ConfigMap', 'data.DATABASE_URL', 'postgres://hr:secret@db/hr', 'holds a secret in DATABASE_URL'],
  ['no secrets', 'Deployment', `${container}.env`, [{ name: 'KAFKA_SASL_PASSWORD', value: 'x' }], 'in the variable KAFKA_SASL_PASSWORD'],
  ['no secrets', 'ServiceAccount', 'kind', 'Secret', 'is written down'],
  ['own connections', 'Deployment', 'spec.template.metadata.labels', connectors, 'under the sample secret'],
  ['closed network', 'NetworkPolicy', 'spec.policyTypes', ['Ingress'], 'nothing denies'],
  ['closed network', 'NetworkPolicy', 'spec.egress', [{}], 'lets anybody in or out'],
  ['closed network', 'Job', 'spec.template.metadata.labels', { a: 'b' }, 'has no edge of its own'],
  ['kept history', 'Kafka', 'spec.kafka.config', {}, 'does not set delete.topic.enable=false'],
  ['kept history', 'KafkaTopic', 'spec.config', { 'retention.ms': '604800000' }, 'does not set retention.ms=-1'],
  ['kept history', 'KafkaNodePool', 'spec.storage.volumes.0.deleteClaim', true, 'loses its disks'],
  ['least rights', 'KafkaUser', 'metadata.name', 'instep-crm', 'instep-crm may read payroll'],
  ['least rights', 'KafkaUser', 'spec.authorization.acls.0.operations', ['Delete'], 'may Delete topic people'],
  ['least rights', 'KafkaUser', 'spec.authorization.acls.0.resource.patternType', 'prefix', 'more than one topic'],
  ['least rights', 'KafkaUser', 'spec.authorization.acls.0.resource.name', 'orders', 'may write orders, which belongs to order-intake'],
  ['bounded scaling', 'ScaledObject', 'spec.maxReplicaCount', 4, 'more pods than the 3 partitions'],
  ['bounded scaling', 'ScaledObject', 'spec.minReplicaCount', 0, 'fewer than two pods'],
  ['bounded scaling', 'ScaledObject', 'spec.scaleTargetRef.name', 'hr', 'which is not there'],
  ['bounded scaling', 'Deployment', 'spec.replicas', 2, 'sets its replicas'],
  ['bounded scaling', 'Cluster', 'spec.postgresql.parameters.max_connections', '40', 'offers 20 connections'],
  ['restricted namespace', 'Namespace', 'metadata.labels', {}, 'does not enforce Pod Security'],
  ['restricted namespace', 'ResourceQuota', 'kind', 'LimitRange', 'no quota'],
  ['restricted namespace', 'Deployment', 'metadata.namespace', 'default', 'is not in the namespace'],
  ['reachable services', 'Service', 'spec.selector', { 'app.kubernetes.io/name': 'hr' }, 'also finds the pods of Job'],
  ['reachable services', 'Service', 'spec.ports.0.targetPort', 'web', 'which no pod names'],
  ['reachable services', 'Service', 'spec.selector', { a: 'b' }, 'finds the pods of 0 deployments'],
];

describe('the rules of the bar', () => {
  it('pass a good company', () => {
    expect(rulesFor('production').flatMap((rule) => rule.check(goodCompany()))).toEqual([]);
  });

  it('have a bad example each', () => {
    expect([...new Set(bad.map(([rule]) => rule))].toSorted()).toEqual(
      rulesFor('production')
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  it.each(bad)('%s: a %s with another %s is rejected', (name, kind, path, value, says) => {
    const rule = rulesFor('production').find((each) => each.name === name);
    expect(rule?.check(spoilt(kind, path, value)).join('\n')).toContain(says);
  });

  it('let secrets be written down on a laptop only', () => {
    const manifests = spoilt('ServiceAccount', 'kind', 'Secret');
    const rule = rulesFor('local').find(({ name }) => name === 'no secrets');
    expect(rule?.check(manifests)).toEqual([]);
  });
});

function spoilt(kind: string, path: string, value: unknown): Manifest[] {
  const manifests = goodCompany();
  const steps = path.split('.');
  // A ConfigMap's keys and labels have dots of their own; none of those above is spoilt that way.
  const last = steps.pop() ?? '';
  const object = steps.reduce<unknown>(
    (part, step) => (part as Record<string, unknown>)[step],
    manifests.find((each) => each.kind === kind),
  );
  if (value === undefined) Reflect.deleteProperty(object as object, last);
  else (object as Record<string, unknown>)[last] = value;
  return manifests;
}
