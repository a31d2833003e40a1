import { rebuild, type DepartmentDefinition, type Position } from '@instep/department';
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
  /** Both stand at the same positions: otherwise the live service went on, and tables differ for that reason alone. */
  readonly samePositions: boolean;
  readonly tables: readonly TableComparison[];
  readonly equal: boolean;
  /** Where the former live schema is now, after a switch. */
  readonly formerSchema: string | undefined;
}

const liveSchema = 'public';
const catchUps = 5;
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
    let samePositions = false;
    for (let round = 0; round < catchUps && !samePositions; round += 1) {
      const rebuilt = await building.advance(await positionsOf(connection, liveSchema, definition.consumer));
      samePositions = same(rebuilt, await positionsOf(connection, liveSchema, definition.consumer));
    }
    const seconds = (performance.now() - began) / 1_000;
    const tables = [...comparedRuntimeTables(accepted), ...service.entities.map((entity) => comparedTable(entity))];
    const comparisons = await compareSchemas(connection, liveSchema, schema, tables);
    const equal = samePositions && comparisons.every(({ different }) => different === 0);
    switched = request.switchOver === 'always' || (request.switchOver === 'when-equal' && equal);
    return {
      events: building.folded(),
      seconds,
      samePositions,
      tables: comparisons,
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

function same(rebuilt: readonly Position[], live: readonly Omit<Position, 'lastSequence'>[]): boolean {
  const known = new Map(rebuilt.map(({ topic, partition, nextOffset }) => [`${topic}/${String(partition)}`, nextOffset]));
  return live.every(({ topic, partition, nextOffset }) => (known.get(`${topic}/${String(partition)}`) ?? 0) === nextOffset);
}
