import { topics, type TopicDefinition } from '@instep/contracts';

import { titleOf, type Manifest } from '../manifest.ts';
import { ofKind } from '../workloads.ts';
import type { Rule } from './rule.ts';

interface Acl {
  readonly type?: string;
  readonly resource: { readonly type: string; readonly name?: string; readonly patternType?: string };
  readonly operations: readonly string[];
}

const harmless = new Set(['Read', 'Write', 'Describe', 'DescribeConfigs']);

/** Nobody makes, deletes or alters; every right names one thing; one service writes a topic; a topic with named readers has no others. */
export const leastRights: Rule = {
  name: 'least rights',
  check: (manifests) => {
    const users = ofKind(manifests, 'KafkaUser');
    return [...users.flatMap(looseRights), ...Object.values(topics).flatMap((topic) => strangers(topic, users))];
  },
};

function looseRights(user: Manifest): readonly string[] {
  return aclsOf(user).flatMap(({ resource, operations }) => [
    ...(resource.patternType === 'literal' && resource.name !== '*' && resource.name !== undefined
      ? []
      : [`${titleOf(user)} has rights on more than one ${resource.type}`]),
    ...operations
      .filter((operation) => !harmless.has(operation))
      .map((operation) => `${titleOf(user)} may ${operation} ${resource.type} ${resource.name ?? ''}`),
  ]);
}

function strangers({ name, owner, readers }: TopicDefinition, users: readonly Manifest[]): readonly string[] {
  const may = (operation: string): readonly string[] =>
    users
      .filter((user) => aclsOf(user).some(({ resource, operations }) => isTopic(resource, name) && operations.includes(operation)))
      .map(({ metadata }) => metadata.name);
  const allowed = readers && [owner, ...readers].map((service) => `instep-${service}`);
  return [
    ...may('Write')
      .filter((user) => user !== `instep-${owner}`)
      .map((user) => `${user} may write ${name}, which belongs to ${owner}`),
    ...may('Read')
      .filter((user) => allowed && !allowed.includes(user))
      .map((user) => `${user} may read ${name}, which only ${(readers ?? []).join(', ')} may`),
  ];
}

function isTopic(resource: Acl['resource'], name: string): boolean {
  return resource.type === 'topic' && resource.name === name;
}

function aclsOf(user: Manifest): readonly Acl[] {
  const { authorization } = user['spec'] as { authorization?: { acls?: readonly Acl[] } };
  return authorization?.acls ?? [];
}
