import { serviceNames } from '@instep/contracts';

import type { Manifest } from '../manifest.ts';
import { maxReplicasOf } from './scaling.ts';
import { databaseOf, databaseSecretOf, postgresCluster, workloadOf } from './names.ts';

/** Of one pod: the department's connections and as many for queries. */
const connectionsPerPod = 10;

/** A database and a role for each service. The role owns its database and may do nothing else; both stay when their object is deleted. */
export function databases(): readonly Manifest[] {
  return serviceNames.flatMap((service): Manifest[] => {
    const name = databaseOf(service);
    const metadata = { name: workloadOf(service) };
    const cluster = { name: postgresCluster };
    return [
      {
        apiVersion: 'postgresql.cnpg.io/v1',
        kind: 'DatabaseRole',
        metadata,
        spec: {
          cluster,
          name,
          login: true,
          // For every pod there can be, one more in a rollout, and the migration job.
          connectionLimit: connectionsPerPod * (maxReplicasOf(service) + 1) + 2,
          passwordSecret: { name: databaseSecretOf(service) },
          databaseRoleReclaimPolicy: 'retain',
        },
      },
      {
        apiVersion: 'postgresql.cnpg.io/v1',
        kind: 'Database',
        metadata,
        spec: { cluster, name, owner: name, databaseReclaimPolicy: 'retain' },
      },
    ];
  });
}
