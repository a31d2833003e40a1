import type { DepartmentDefinition } from '@instep/department';
import type { EventLog } from '@instep/event-log';
import { dataSource, FORMER_SUFFIX, migrate, postgresStore, switchSchema, type PostgresStore } from '@instep/postgres';

import type { ServiceDefinition } from '../service-definition.ts';

export const liveSchema = 'public';

/** A service whose database is built from the log. */
export interface BuildTarget {
  readonly service: Pick<ServiceDefinition, 'entities' | 'migrations'>;
  readonly definition: DepartmentDefinition;
  readonly databaseUrl: string;
  readonly log: EventLog;
  /** Tells this run from others, in the name of the schema it builds. */
  readonly run: string;
  progress?(done: number, total: number): void;
}

export function connectionOf({ databaseUrl, definition }: Pick<BuildTarget, 'databaseUrl' | 'definition'>) {
  return { url: databaseUrl, service: definition.service };
}

/** A store on the tables of the service in a schema that is made for it. */
export async function freshStore(target: BuildTarget, schema: string): Promise<PostgresStore> {
  const { entities, migrations } = target.service;
  const source = dataSource({ ...connectionOf(target), schema, entities, migrations });
  try {
    await migrate(source);
  } finally {
    if (source.isInitialized) await source.destroy();
  }
  return postgresStore({ ...connectionOf(target), schema, tables: entities });
}

/** Resolves with what the former live schema is called from then on. */
export async function takeOver(target: BuildTarget, rebuiltSchema: string, epoch: 'raise' | 'keep'): Promise<string> {
  const keptAs = rebuiltSchema + FORMER_SUFFIX;
  await switchSchema(connectionOf(target), { liveSchema, rebuiltSchema, keptAs, epoch });
  return keptAs;
}
