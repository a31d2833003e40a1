import { accessOf, principalOf, rightsOf, type Right } from '@instep/access';
import { serviceNames } from '@instep/contracts';

import type { Manifest } from '../manifest.ts';
import { kafkaCluster, scaler } from './names.ts';

interface Rule {
  readonly resource: { readonly type: Right['resource']; readonly name: string; readonly patternType: 'literal' };
  readonly operations: readonly string[];
}

/** One user a service with exactly its rights, and one for the scaler, which sees how far groups are and reads nothing. */
export function kafkaUsers(): readonly Manifest[] {
  return [...serviceNames.map((service) => user(principalOf(service), rulesOf(rightsOf(service)))), user(scaler, scalerRules())];
}

export function rulesOf(rights: readonly Right[]): readonly Rule[] {
  const resources = Map.groupBy(rights, ({ resource, name }) => `${resource} ${name}`);
  return [...resources.values()].flatMap((same) => {
    const [first] = same;
    return first
      ? [
          rule(
            first.resource,
            first.name,
            same.map(({ operation }) => operation),
          ),
        ]
      : [];
  });
}

function scalerRules(): readonly Rule[] {
  const all = serviceNames.map(accessOf);
  const listened = [...new Set(all.flatMap(({ listen }) => listen))].toSorted();
  return [...listened.map((name) => rule('topic', name, ['Describe'])), ...all.map(({ group }) => rule('group', group, ['Describe']))];
}

function rule(type: Right['resource'], name: string, operations: readonly string[]): Rule {
  return { resource: { type, name, patternType: 'literal' }, operations };
}

export function user(name: string, acls: readonly Rule[]): Manifest {
  return {
    apiVersion: 'kafka.strimzi.io/v1',
    kind: 'KafkaUser',
    metadata: { name, labels: { 'strimzi.io/cluster': kafkaCluster } },
    spec: { authentication: { type: 'scram-sha-512' }, authorization: { type: 'simple', acls } },
  };
}
