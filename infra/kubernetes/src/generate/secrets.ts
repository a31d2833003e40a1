import { serviceNames, type ServiceName } from '@instep/contracts';

import type { Manifest } from '../manifest.ts';
import { databaseOf, databaseSecretOf, postgresHost } from './names.ts';

const secretStore = 'company';
const basicAuth = 'kubernetes.io/basic-auth';
const reloaded = { 'cnpg.io/reload': 'true' };

/** The passwords of the database roles, from the company's store: one entry a service, with nothing but the password in it. */
export function externalSecrets(): readonly Manifest[] {
  return serviceNames.map((service) => ({
    apiVersion: 'external-secrets.io/v1',
    kind: 'ExternalSecret',
    metadata: { name: databaseSecretOf(service) },
    spec: {
      refreshInterval: '1h',
      secretStoreRef: { kind: 'ClusterSecretStore', name: secretStore },
      target: {
        name: databaseSecretOf(service),
        creationPolicy: 'Owner',
        template: {
          type: basicAuth,
          metadata: { labels: reloaded },
          data: {
            username: databaseOf(service),
            password: '{{ .password }}',
            url: urlOf(service, '{{ .password | urlquery }}'),
          },
        },
      },
      data: [{ secretKey: 'password', remoteRef: { key: `instep/${service}/database`, property: 'password' } }],
    },
  }));
}

/** The same for a cluster on a laptop, with passwords that everybody knows. */
export function localSecrets(): readonly Manifest[] {
  return serviceNames.map((service) => {
    const password = `local-${service}`;
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: databaseSecretOf(service), labels: reloaded },
      type: basicAuth,
      stringData: { username: databaseOf(service), password, url: urlOf(service, password) },
    };
  });
}

function urlOf(service: ServiceName, password: string): string {
  const role = databaseOf(service);
  return `postgres://${role}:${password}@${postgresHost}:5432/${role}?sslmode=verify-full&sslrootcert=/run/secrets/database-ca/ca.crt`;
}
