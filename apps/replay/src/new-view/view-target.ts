import { serviceNames, type ServiceName } from '@instep/contracts';
import type { DepartmentDefinition } from '@instep/department';
import type { LogReader } from '@instep/event-log';
import type { ConnectionSettings, DataSourceSettings } from '@instep/postgres';

import { departments } from '../departments.ts';
import { ReplayFault } from '../fault.ts';
import { tables } from '../tables.ts';

type Entity = DataSourceSettings['entities'][number];

/** A view of a department, and the version of it that is built beside the one that is read. */
export interface ViewTarget {
  readonly definition: DepartmentDefinition;
  readonly table: string;
  readonly version: number;
  readonly entity: Entity;
  readonly connection: ConnectionSettings;
}

/** What a build reads besides. */
export interface ViewSource {
  readonly log: LogReader;
  progress?(done: number, total: number): void;
  readonly signal?: AbortSignal;
}

/** `databaseUrl`: of the department. Throws `ReplayFault` for a name that is none. */
export function viewTarget(service: string, table: string, version: number, databaseUrl: string): ViewTarget {
  const definition = departmentCalled(service);
  const name = definition.service;
  const entity = tables[name].entities.find(({ options }) => options.name === table);
  if (entity === undefined)
    throw new ReplayFault('replay/bad-option', `${service} has no table "${table}": it has ${tablesOf(name).join(', ') || 'none'}.`);
  if (!Number.isInteger(version) || version < 2)
    throw new ReplayFault('replay/bad-option', 'Version 1 is what the service keeps itself: number yours from 2.');
  return { definition, table, version, entity, connection: { url: databaseUrl, service: `${service} view` } };
}

/** Throws `ReplayFault` for a name that is none. */
export function departmentCalled(service: string): DepartmentDefinition {
  const definition = [...departments().values()].find((each) => each.service === service);
  if (definition) return definition;
  throw new ReplayFault('replay/bad-option', `There is no department "${service}": there are ${serviceNames.join(', ')}.`);
}

function tablesOf(service: ServiceName): readonly string[] {
  return tables[service].entities.map(({ options }) => options.name);
}
