import { accessOf } from '@instep/access';
import { serviceNames, topics, type ServiceName } from '@instep/contracts';

import type { Manifest } from '../manifest.ts';
import { bootstrapServers, kafkaCluster, scaler, workloadOf } from './names.ts';

const minReplicas = 2;
/** A slice has at most 500 records: two of them behind, and another pod pays. */
const lagThreshold = '1000';
/** Of the protocol: Kafka 4 has forgotten those that KEDA speaks by default. */
const protocolVersion = '3.8.0';

/** One rule a consumer group, and what the scaler needs to ask the broker. */
export function scaling(): readonly Manifest[] {
  return [account(), authentication(), ...serviceNames.map(scaledObject)];
}

/** A pod more than partitions would have nothing to do. */
export function maxReplicasOf(service: ServiceName): number {
  return Math.max(...accessOf(service).listen.map((topic) => topics[topic].partitions));
}

function scaledObject(service: ServiceName): Manifest {
  const { listen, group } = accessOf(service);
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'ScaledObject',
    metadata: { name: workloadOf(service) },
    spec: {
      scaleTargetRef: { name: workloadOf(service) },
      pollingInterval: 30,
      minReplicaCount: minReplicas,
      maxReplicaCount: maxReplicasOf(service),
      fallback: { failureThreshold: 3, replicas: minReplicas },
      advanced: {
        horizontalPodAutoscalerConfig: {
          // Each change of the number of pods moves partitions: up at once, down slowly and one at a time.
          behavior: { scaleDown: { stabilizationWindowSeconds: 300, policies: [{ type: 'Pods', value: 1, periodSeconds: 120 }] } },
        },
      },
      triggers: listen.map((topic) => ({
        type: 'kafka',
        metadata: {
          bootstrapServers,
          consumerGroup: group,
          topic,
          lagThreshold,
          offsetResetPolicy: 'earliest',
          excludePersistentLag: 'true',
          ensureEvenDistributionOfPartitions: 'true',
          version: protocolVersion,
        },
        authenticationRef: { name: scaler },
      })),
    },
  };
}

function account(): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: scaler },
    data: { sasl: 'scram_sha512', tls: 'enable', username: scaler },
  };
}

function authentication(): Manifest {
  return {
    apiVersion: 'keda.sh/v1alpha1',
    kind: 'TriggerAuthentication',
    metadata: { name: scaler },
    spec: {
      configMapTargetRef: ['sasl', 'tls', 'username'].map((parameter) => ({ parameter, name: scaler, key: parameter })),
      secretTargetRef: [
        { parameter: 'password', name: scaler, key: 'password' },
        { parameter: 'ca', name: `${kafkaCluster}-cluster-ca-cert`, key: 'ca.crt' },
      ],
    },
  };
}
