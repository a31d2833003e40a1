import { stringify } from 'yaml';

import type { Manifest } from '../manifest.ts';
import { lagAlerts } from './alerts.ts';
import { databases } from './databases.ts';
import { networkEdges } from './edges.ts';
import { observability } from './observability.ts';
import { scaling } from './scaling.ts';
import { externalSecrets, localSecrets } from './secrets.ts';
import { historyJobs } from './history-jobs.ts';
import { kafkaTopics } from './topics.ts';
import { kafkaUsers } from './users.ts';

const head = '# Written by `npm run manifests` from the contracts and the departments. Do not edit.\n';

/**
 * Every file below `k8s/generated`, by its path there: each folder is a kustomization of its own.
 * `observabilityDir` holds dashboards and alert rules; absent, there are only the alerts of lag.
 */
export function generatedFiles(observabilityDir: string): ReadonlyMap<string, string> {
  return new Map([
    ...folder('topics', kafkaTopics()),
    ...folder('users', kafkaUsers()),
    ...folder('jobs', historyJobs()),
    ...folder('edges', networkEdges()),
    ...folder('scaling', scaling()),
    ...folder('databases', databases()),
    ...folder('secrets', externalSecrets()),
    ...folder('local-secrets', localSecrets()),
    ...folder('monitoring', [lagAlerts(), ...observability(observabilityDir)]),
  ]);
}

function folder(name: string, manifests: readonly Manifest[]): readonly (readonly [string, string])[] {
  const kustomization = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources: [`${name}.yaml`] };
  return [
    [`${name}/kustomization.yaml`, head + text(kustomization)],
    [`${name}/${name}.yaml`, head + manifests.map(text).join('---\n')],
  ];
}

function text(manifest: object): string {
  return stringify(manifest, { lineWidth: 0, aliasDuplicateObjects: false });
}
