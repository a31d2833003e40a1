import type { Manifest } from '../manifest.ts';
import { parseManifests } from '../parse-manifests.ts';

/** The least that passes every rule: one service with its job, database, topic, user and edges. A fresh copy each time, to be spoilt. */
export function goodCompany(): Manifest[] {
  return [...parseManifests(text, 'the good company')];
}

const pod = (indent: string, lines: string): string => lines.trim().replaceAll('\n', `\n${indent}`);

const hardened = `
automountServiceAccountToken: false
serviceAccountName: instep-hr
securityContext: { runAsNonRoot: true, seccompProfile: { type: RuntimeDefault } }
`;
const container = `
resources: { requests: { cpu: 100m, memory: 300Mi }, limits: { memory: 400Mi } }
securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: [ALL] } }
`;

const text = `
apiVersion: v1
kind: Namespace
metadata: { name: instep, labels: { pod-security.kubernetes.io/enforce: restricted } }
---
apiVersion: v1
kind: ResourceQuota
metadata: { name: instep, namespace: instep }
spec: { hard: { pods: "80" } }
---
apiVersion: v1
kind: ServiceAccount
metadata: { name: instep-hr, namespace: instep }
---
apiVersion: v1
kind: ConfigMap
metadata: { name: instep-hr, namespace: instep }
data:
  NODE_OPTIONS: --max-old-space-size=256
  SHUTDOWN_DEADLINE_MS: "20000"
  DATABASE_CONNECTIONS: "5"
  INSTEP_VERSION: "1.2.0"
  INSTEP_MIGRATE_AT_START: "false"
  DATABASE_URL_FILE: /run/secrets/database/url
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: instep-hr, namespace: instep }
spec:
  minReadySeconds: 10
  strategy: { type: RollingUpdate, rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } }
  template:
    metadata: { labels: { app.kubernetes.io/name: hr, app.kubernetes.io/part-of: instep, app.kubernetes.io/component: service } }
    spec:
      ${pod('      ', hardened)}
      terminationGracePeriodSeconds: 45
      topologySpreadConstraints:
        - { topologyKey: topology.kubernetes.io/zone, labelSelector: { matchLabels: { app.kubernetes.io/name: hr } } }
        - { topologyKey: kubernetes.io/hostname, labelSelector: { matchLabels: { app.kubernetes.io/name: hr } } }
      containers:
        - name: service
          image: registry.example.com/instep/hr:1.2.0
          envFrom: [{ configMapRef: { name: instep-hr } }]
          ports: [{ name: http, containerPort: 8080 }]
          startupProbe: { httpGet: { path: /health/live, port: http } }
          livenessProbe: { httpGet: { path: /health/live, port: http } }
          readinessProbe: { httpGet: { path: /health/ready, port: http } }
          lifecycle: { preStop: { sleep: { seconds: 5 } } }
          ${pod('          ', container)}
---
apiVersion: batch/v1
kind: Job
metadata: { name: migrate-1-2-0-hr, namespace: instep }
spec:
  template:
    metadata: { labels: { app.kubernetes.io/name: hr, app.kubernetes.io/part-of: instep, app.kubernetes.io/component: migration } }
    spec:
      ${pod('      ', hardened)}
      containers:
        - name: migrate
          image: registry.example.com/instep/hr:1.2.0
          args: [migrate]
          ${pod('          ', container)}
---
apiVersion: v1
kind: Service
metadata: { name: instep-hr, namespace: instep }
spec:
  selector: { app.kubernetes.io/name: hr, app.kubernetes.io/component: service }
  ports: [{ port: 80, targetPort: http }]
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: instep-webhooks, namespace: instep }
spec: { rules: [] }
---
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata: { name: instep-hr, namespace: instep }
spec:
  maxUnavailable: 1
  unhealthyPodEvictionPolicy: AlwaysAllow
  selector: { matchLabels: { app.kubernetes.io/name: hr, app.kubernetes.io/component: service } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: default-deny, namespace: instep }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: instep-hr, namespace: instep }
spec:
  podSelector: { matchLabels: { app.kubernetes.io/name: hr } }
  policyTypes: [Egress]
  egress: [{ to: [{ podSelector: { matchLabels: { cnpg.io/cluster: instep-postgres } } }], ports: [{ protocol: TCP, port: 5432 }] }]
---
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: { name: instep-kafka, namespace: instep }
spec:
  kafka:
    config:
      auto.create.topics.enable: false
      delete.topic.enable: false
      log.retention.ms: -1
      log.retention.bytes: -1
      unclean.leader.election.enable: false
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata: { name: broker, namespace: instep }
spec: { storage: { type: jbod, volumes: [{ id: 0, type: persistent-claim, size: 5Gi, deleteClaim: false }] } }
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaTopic
metadata: { name: orders, namespace: instep }
spec:
  partitions: 3
  config: { cleanup.policy: delete, retention.ms: "-1", retention.bytes: "-1", unclean.leader.election.enable: "false" }
---
apiVersion: kafka.strimzi.io/v1
kind: KafkaUser
metadata: { name: instep-hr, namespace: instep }
spec:
  authorization:
    type: simple
    acls:
      - { resource: { type: topic, name: people, patternType: literal }, operations: [Write, Read, DescribeConfigs] }
      - { resource: { type: topic, name: payroll, patternType: literal }, operations: [Write, Read] }
---
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: { name: instep-postgres, namespace: instep }
spec: { postgresql: { parameters: { max_connections: "100" } } }
---
apiVersion: keda.sh/v1alpha1
kind: ScaledObject
metadata: { name: instep-hr, namespace: instep }
spec:
  scaleTargetRef: { name: instep-hr }
  minReplicaCount: 2
  maxReplicaCount: 3
  triggers: [{ type: kafka, metadata: { topic: orders } }]
`;
