import type { ServiceName } from '@instep/contracts';

/** Names that manifests share with each other; those written by hand use the same. */
export const kafkaCluster = 'instep-kafka';
export const postgresCluster = 'instep-postgres';
export const bootstrapServers = `${kafkaCluster}-kafka-bootstrap:9093`;
export const postgresHost = `${postgresCluster}-rw`;
export const scaler = 'instep-scaler';

/** Deployment, Service and account of a service. */
export function workloadOf(service: ServiceName): string {
  return `instep-${service}`;
}

/** Role and database, which have the same name: access goes by that. */
export function databaseOf(service: ServiceName): string {
  return service.replaceAll('-', '_');
}

export function databaseSecretOf(service: ServiceName): string {
  return `${workloadOf(service)}-database`;
}

export function labelsOf(service: ServiceName): Readonly<Record<string, string>> {
  return { 'app.kubernetes.io/name': service, 'app.kubernetes.io/part-of': 'instep' };
}
