import { rebuild, type DepartmentDefinition } from '@instep/department';
import type { EventLog } from '@instep/event-log';
import {
  comparedRuntimeTables,
  comparedTable,
  compareSchemas,
  dataSource,
  dropSchema,
  migrate,
  positionsOf,
  postgresStore,
  switchSchema,
  type SchemaComparison,
  type TableComparison,
} from '@instep/postgres';

import type { ServiceDefinition } from './service-definition.ts';

export interface RebuildRequest {
  readonly service: Pick<ServiceDefinition, 'entities' | 'migrations'>;
  readonly definition: DepartmentDefinition;
  readonly databaseUrl: string;
  readonly log: EventLog;
  /** Name of the fresh schema; must not exist. */
  readonly schema: string;
  /** Puts the rebuilt schema in the place of the live one when they are equal, or whatever they are when `always`. */
  readonly switchOver: 'no' | 'when-equal' | 'always';
  progress?(done: number, total: number): void;
}

export interface RebuildReport {
  readonly events: number;
  readonly seconds: number;
  /** Both stood at the same positions and everything had been sent: otherwise the live service went on, and tables may differ for that alone. */
  readonly stoodStill: boolean;
  readonly tables: readonly TableComparison[];
  readonly equal: boolean;
  /** Where the former live schema is now, after a switch. */
  readonly formerSchema: string | undefined;
}

const liveSchema = 'public';
const rounds = 20;
/** Answers of requests that were refused leave no event, so they are not rebuilt. */
const accepted = `answer LIKE '{"kind":"done"%'`;

/**
 * Builds the database of a service from the log into a fresh schema beside the live one, catches up with it, and compares every table row by
 * row. The live service may run meanwhile; for a switch it must be stopped.
 */
export async function rebuildService(request: RebuildRequest): Promise<RebuildReport> {
  const { service, definition, databaseUrl, schema } = request;
  const connection = { url: databaseUrl, service: definition.service };
  const began = performance.now();
  const source = dataSource({ ...connection, schema, entities: service.entities, migrations: service.migrations });
  await migrate(source);
  await source.destroy();
  const store = postgresStore({ ...connection, schema, tables: service.entities });
  let switched = false;
  try {
    const building = rebuild({ definition, log: request.log, store, ...(request.progress && { progress: request.progress }) });
    const compared = [...comparedRuntimeTables(accepted), ...service.entities.map((entity) => comparedTable(entity))];
    let last: SchemaComparison = { tables: [], unsent: 0 };
    let equal = false;
    // A live service goes on while it is compared: what differs for that reason alone is the same a moment later. What differs although the
    // service stood still three times is different.
    for (let round = 0, still = 0; round < rounds && still < 3 && !equal; round += 1) {
      await building.advance(await positionsOf(connection, liveSchema, definition.consumer));
      last = await compareSchemas(connection, liveSchema, schema, compared);
      equal = last.tables.every(({ different }) => different === 0);
      if (stoodStill(last)) still += 1;
    }
    const seconds = (performance.now() - began) / 1_000;
    switched = request.switchOver === 'always' || (request.switchOver === 'when-equal' && equal);
    return {
      events: building.folded(),
      seconds,
      stoodStill: stoodStill(last),
      tables: last.tables,
      equal,
      formerSchema: switched ? await takeOver(request, store) : undefined,
    };
  } finally {
    await store.close();
    if (!switched) await dropSchema(connection, schema);
  }
}

async function takeOver({ definition, databaseUrl, schema }: RebuildRequest, store: { close(): Promise<void> }): Promise<string> {
  const connection = { url: databaseUrl, service: definition.service };
  const live = postgresStore({ ...connection, tables: [] });
  try {
    const lease = await live.outbox.lease();
    if (!lease) throw new Error(`${definition.service} is running: stop it, then switch`);
    await lease.release();
  } finally {
    await live.close();
  }
  await store.close();
  const formerSchema = `${schema}_former`;
  await switchSchema(connection, liveSchema, schema, formerSchema);
  return formerSchema;
}

function stoodStill({ tables, unsent }: SchemaComparison): boolean {
  return unsent === 0 && tables.every(({ table, different }) => table !== 'position' || different === 0);
}
