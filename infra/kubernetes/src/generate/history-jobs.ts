import { openTopics, principalOf, rightsOfTool, topicsWithOpenCauses, type Tool } from '@instep/access';

import type { Manifest } from '../manifest.ts';
import { policy, pods, tcp } from './edges.ts';
import { kafkaCluster } from './names.ts';
import { rulesOf, user } from './users.ts';

const lakeVolume = 'instep-lake';
const lakeFolder = '/var/lib/instep/lake';

/**
 * What looks at the whole log from time to time: the lake is brought up to date and its files are put together, files and log are compared at
 * night, and the operator's tool looks whether the log holds what it must. Topics whose contract names readers are left out of all of it.
 */
export function historyJobs(): readonly Manifest[] {
  return [
    ...(['lake', 'operator'] as const).flatMap(standing),
    volume(),
    // One writer at a time, and the volume is attached to one node: an exporter that comes every quarter of an hour leaves both to the others.
    scheduled('lake', 'instep-lake', '*/15 * * * *', [
      ['export', ['export', '--topics', openTopics().join(',')]],
      ['compact', ['compact']],
    ]),
    scheduled('lake', 'instep-lake-verify', '7 3 * * *', [['verify', ['verify']]]),
    scheduled('operator', 'instep-log-verify', '37 3 * * *', [
      ['verify', ['verify', ...topicsWithOpenCauses().flatMap((name) => ['--topic', name])]],
    ]),
  ];
}

type StandingTool = Exclude<Tool, 'console'>;

/** Account, user at the broker, and the one edge of a tool. */
function standing(tool: StandingTool): readonly Manifest[] {
  const name = principalOf(tool);
  return [
    { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name }, automountServiceAccountToken: false },
    user(name, rulesOf(rightsOfTool(tool))),
    policy(name, labelsOf(tool), {
      policyTypes: ['Egress'],
      egress: [{ to: pods({ 'strimzi.io/cluster': kafkaCluster }), ports: tcp(9093) }],
    }),
  ];
}

function labelsOf(tool: StandingTool): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': tool, 'app.kubernetes.io/part-of': 'instep' };
}

function volume(): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name: lakeVolume },
    spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '50Gi' } } },
  };
}

type Step = readonly [name: string, args: readonly string[]];

/** One after the other: all steps but the last are containers that come before it. */
function scheduled(tool: StandingTool, name: string, schedule: string, steps: readonly Step[]): Manifest {
  const containers = steps.map((step) => containerOf(tool, step));
  return {
    apiVersion: 'batch/v1',
    kind: 'CronJob',
    metadata: { name },
    spec: {
      schedule,
      timeZone: 'Etc/UTC',
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: {
        spec: {
          backoffLimit: 3,
          activeDeadlineSeconds: 21_600,
          template: {
            metadata: { labels: { ...labelsOf(tool), 'app.kubernetes.io/component': 'history' } },
            spec: {
              ...closedIn(tool),
              ...(containers.length > 1 && { initContainers: containers.slice(0, -1) }),
              containers: containers.slice(-1),
              volumes: volumesOf(tool),
            },
          },
        },
      },
    },
  };
}

function closedIn(tool: StandingTool): object {
  return {
    restartPolicy: 'Never',
    serviceAccountName: principalOf(tool),
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    // An export ends between two files.
    terminationGracePeriodSeconds: 60,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 10_001,
      runAsGroup: 10_001,
      fsGroup: 10_001,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
    },
  };
}

function containerOf(tool: StandingTool, [name, args]: Step): object {
  const environment = {
    NODE_ENV: 'production',
    NODE_OPTIONS: '--max-old-space-size=512',
    KAFKA_SSL: 'true',
    KAFKA_SSL_CA_FILE: '/run/secrets/kafka-ca/ca.crt',
    KAFKA_SASL_MECHANISM: 'scram-sha-512',
    KAFKA_SASL_USERNAME: principalOf(tool),
    KAFKA_SASL_PASSWORD_FILE: '/run/secrets/kafka/password',
    ...(tool === 'lake' && { LAKE_FOLDER: lakeFolder }),
  };
  return {
    name,
    image: tool === 'lake' ? 'instep/lake' : 'instep/log',
    imagePullPolicy: 'IfNotPresent',
    args,
    envFrom: [{ configMapRef: { name: 'instep-platform' } }],
    env: Object.entries(environment).map(([variable, value]) => ({ name: variable, value })),
    resources: { requests: { cpu: '250m', memory: '1536Mi' }, limits: { memory: '2Gi' } },
    securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
    volumeMounts: [
      { name: 'tmp', mountPath: '/tmp' },
      ...(tool === 'lake' ? [{ name: 'lake', mountPath: lakeFolder }] : []),
      { name: 'kafka', mountPath: '/run/secrets/kafka', readOnly: true },
      { name: 'kafka-ca', mountPath: '/run/secrets/kafka-ca', readOnly: true },
    ],
  };
}

function volumesOf(tool: StandingTool): readonly object[] {
  const certificate = { secretName: `${kafkaCluster}-cluster-ca-cert`, defaultMode: 0o440, items: [{ key: 'ca.crt', path: 'ca.crt' }] };
  return [
    { name: 'tmp', emptyDir: { sizeLimit: '256Mi' } },
    ...(tool === 'lake' ? [{ name: 'lake', persistentVolumeClaim: { claimName: lakeVolume } }] : []),
    { name: 'kafka', secret: { secretName: principalOf(tool), defaultMode: 0o440 } },
    { name: 'kafka-ca', secret: certificate },
  ];
}
