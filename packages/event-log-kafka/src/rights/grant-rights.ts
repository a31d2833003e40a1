import { LogUnavailable } from '@instep/event-log';

import type { AclOperationTypes as Operation, AclResourceTypes as Resource } from 'kafkajs';

import { asFault } from '../faults.ts';
import { kafkajs } from '../kafkajs/internals.ts';
import type { KafkaConnection } from '../settings.ts';
import { sleep } from '../sleep.ts';
import { withAdmin } from '../topics/with-admin.ts';
import type { BrokerRight } from './rights.ts';
import { lineOf } from './rights.ts';

const { AclOperationTypes, AclPermissionTypes, AclResourceTypes, ResourcePatternTypes } = kafkajs;

const ATTEMPTS = 40;
const BETWEEN_ATTEMPTS_MS = 250;

const operations: Readonly<Record<BrokerRight['operation'], Operation>> = {
  All: AclOperationTypes.ALL,
  Read: AclOperationTypes.READ,
  Write: AclOperationTypes.WRITE,
  Create: AclOperationTypes.CREATE,
  Delete: AclOperationTypes.DELETE,
  Alter: AclOperationTypes.ALTER,
  Describe: AclOperationTypes.DESCRIBE,
  DescribeConfigs: AclOperationTypes.DESCRIBE_CONFIGS,
  AlterConfigs: AclOperationTypes.ALTER_CONFIGS,
  Other: AclOperationTypes.UNKNOWN,
};
const resources: Readonly<Record<BrokerRight['resource'], Resource>> = {
  topic: AclResourceTypes.TOPIC,
  group: AclResourceTypes.GROUP,
  cluster: AclResourceTypes.CLUSTER,
};

/**
 * Makes the rights at the broker exactly these for the principals that they name: grants what is missing, takes away what is too much.
 * Gives what was changed. Needs the right to alter the cluster. Rejects with `LogUnavailable` when no broker answers.
 */
export async function grantRights(
  connection: KafkaConnection,
  wanted: readonly BrokerRight[],
): Promise<{ readonly granted: readonly string[]; readonly taken: readonly string[] }> {
  const principals = new Set(wanted.map(({ principal }) => principal));
  const present = (await rightsAtBroker(connection)).filter(({ principal }) => principals.has(principal));
  const [have, want] = [new Set(present.map(lineOf)), new Set(wanted.map(lineOf))];
  const missing = wanted.filter((right) => !have.has(lineOf(right)));
  const surplus = present.filter((right) => !want.has(lineOf(right)));
  return withAdmin(connection, async (admin) => {
    try {
      if (missing.length > 0) await admin.createAcls({ acl: missing.map(entryOf) });
      if (surplus.length > 0) await admin.deleteAcls({ filters: surplus.map(entryOf) });
    } catch (cause) {
      throw asFault('granting rights', cause);
    }
    await seen(connection, principals, want);
    return { granted: missing.map(lineOf), taken: surplus.map(lineOf) };
  });
}

/** The controller has taken the change; a broker knows it a moment later. */
async function seen(connection: KafkaConnection, principals: ReadonlySet<string>, want: ReadonlySet<string>): Promise<void> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const have = (await rightsAtBroker(connection)).filter(({ principal }) => principals.has(principal)).map(lineOf);
    if (have.length === want.size && have.every((line) => want.has(line))) return;
    await sleep(BETWEEN_ATTEMPTS_MS);
  }
  throw new LogUnavailable('granting rights: the broker took them but does not show them');
}

/** Every right that somebody has at the broker, denials left out. Needs the right to describe the cluster. */
export async function rightsAtBroker(connection: KafkaConnection): Promise<readonly BrokerRight[]> {
  return withAdmin(connection, async (admin) => {
    const { resources: found } = await admin.describeAcls({
      resourceType: AclResourceTypes.ANY,
      resourcePatternType: ResourcePatternTypes.ANY,
      permissionType: AclPermissionTypes.ALLOW,
      operation: AclOperationTypes.ANY,
    });
    return found.flatMap(({ resourceType, resourceName, acls }) =>
      acls.map(({ principal, operation }) => ({
        principal: principal.replace(/^User:/, ''),
        resource: nameIn(resources, resourceType) ?? 'cluster',
        name: resourceName,
        operation: nameIn(operations, operation) ?? 'Other',
      })),
    );
  });
}

function entryOf({ principal, resource, name, operation }: BrokerRight) {
  return {
    resourceType: resources[resource],
    resourceName: name,
    resourcePatternType: ResourcePatternTypes.LITERAL,
    principal: `User:${principal}`,
    host: '*',
    operation: operations[operation],
    permissionType: AclPermissionTypes.ALLOW,
  };
}

function nameIn<Name extends string>(table: Readonly<Record<Name, number>>, value: number): Name | undefined {
  return (Object.keys(table) as Name[]).find((name) => table[name] === value);
}
