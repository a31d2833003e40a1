import { serviceNames, type ServiceName } from '@instep/contracts';

import type { Manifest } from '../manifest.ts';
import { kafkaCluster, labelsOf, postgresCluster, workloadOf } from './names.ts';

/** A service reaches the log, its database and the collector, and never another service. The database lets the services in. */
export function networkEdges(): readonly Manifest[] {
  return [...serviceNames.map(egressOf), databaseIngress()];
}

function egressOf(service: ServiceName): Manifest {
  return policy(workloadOf(service), labelsOf(service), {
    policyTypes: ['Egress'],
    egress: [
      { to: pods({ 'strimzi.io/cluster': kafkaCluster }), ports: tcp(9093) },
      { to: pods({ 'cnpg.io/cluster': postgresCluster }), ports: tcp(5432) },
      { to: pods({ 'app.kubernetes.io/name': 'otel-collector' }), ports: tcp(4317, 4318) },
    ],
  });
}

function databaseIngress(): Manifest {
  return policy(
    'services-to-database',
    { 'cnpg.io/cluster': postgresCluster },
    {
      policyTypes: ['Ingress'],
      ingress: [{ from: serviceNames.flatMap((service) => pods(labelsOf(service))), ports: tcp(5432) }],
    },
  );
}

export function policy(name: string, matchLabels: Readonly<Record<string, string>>, rules: object): Manifest {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name },
    spec: { podSelector: { matchLabels }, ...rules },
  };
}

export function pods(matchLabels: Readonly<Record<string, string>>): readonly object[] {
  return [{ podSelector: { matchLabels } }];
}

export function tcp(...ports: readonly number[]): readonly object[] {
  return ports.map((port) => ({ protocol: 'TCP', port }));
}
