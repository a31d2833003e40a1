import { catchUp, rebuild, StoreUnavailable } from '@instep/department';
import {
  comparedRuntimeTables,
  comparedTable,
  compareSchemas,
  openBuildingSite,
  postgresStore,
  readSoFar,
  SchemaInUse,
  type PostgresStore,
  type SchemaComparison,
  type TableComparison,
} from '@instep/postgres';

import { connectionOf, freshStore, liveSchema, takeOver, type BuildTarget } from './build-target.ts';

export interface RebuildRequest extends BuildTarget {
  /** Puts the rebuilt schema in the place of the live one when they are equal, or whatever they are when `always`. */
  readonly switchOver: 'no' | 'when-equal' | 'always';
}

export interface RebuildReport {
  readonly events: number;
  readonly seconds: number;
  /** Events that never reached the log although later ones did, and those of them, or of others, that the live database still had to send. */
  readonly missing: number;
  readonly carriedOver: number;
  /** Both stood at the same positions and everything had been sent: otherwise the live service went on, and tables may differ for that alone. */
  readonly stoodStill: boolean;
  readonly tables: readonly TableComparison[];
  readonly equal: boolean;
  /** Where the former live schema is now, after a switch. */
  readonly formerSchema: string | undefined;
}

const rounds = 20;
/** Answers of requests that were refused leave no event, so they are not rebuilt. */
const accepted = `answer LIKE '{"kind":"done"%'`;

/**
 * Builds the database of a service from the log into a fresh schema beside the live one, and compares every table row by row. The live service
 * may run meanwhile; for a switch it must be stopped, and SchemaInUse says at once when it is not. Leaves nothing behind when it rejects.
 */
export async function rebuildService(request: RebuildRequest): Promise<RebuildReport> {
  if (request.switchOver !== 'no') await assertStopped(request);
  const began = performance.now();
  const site = await openBuildingSite(connectionOf(request), request.run);
  try {
    const fresh = await freshStore(request, site.schema);
    let built: Built;
    try {
      built = await (request.switchOver === 'always' ? replaced(request, fresh, site.schema) : followed(request, fresh, site.schema));
    } finally {
      await fresh.close();
    }
    const { compared, events, missing, carriedOver } = built;
    const seconds = (performance.now() - began) / 1_000;
    const equal = compared.tables.every(({ different }) => different === 0);
    const switched = request.switchOver === 'always' || (request.switchOver === 'when-equal' && equal);
    const epoch = request.switchOver === 'always' ? 'keep' : 'raise';
    const formerSchema = switched ? await takeOver(request, site.schema, epoch) : undefined;
    return { events, seconds, missing, carriedOver, stoodStill: stoodStill(compared), tables: compared.tables, equal, formerSchema };
  } finally {
    await site.clear();
  }
}

interface Built {
  readonly compared: SchemaComparison;
  readonly events: number;
  readonly missing: number;
  readonly carriedOver: number;
}

/**
 * Catches up with the live service until both are equal. A live service goes on while it is compared: what differs for that reason alone is
 * the same a moment later. What differs although the service stood still three times is different.
 */
async function followed(request: RebuildRequest, fresh: PostgresStore, schema: string): Promise<Built> {
  const { definition, log, progress } = request;
  const building = rebuild({ definition, log, store: fresh, ...(progress && { progress }) });
  let compared: SchemaComparison = { tables: [], unsent: 0 };
  for (let round = 0, still = 0, equal = false; round < rounds && still < 3 && !equal; round += 1) {
    const { positions, unsent } = await readSoFar(connectionOf(request), liveSchema, definition.consumer);
    await building.advance(unsent === 0 ? positions : undefined);
    compared = await comparison(request, schema);
    equal = compared.tables.every(({ different }) => different === 0);
    if (stoodStill(compared)) still += 1;
  }
  return { compared, events: building.folded(), missing: building.missing(), carriedOver: 0 };
}

/** Builds what can take the place of the live database, whatever is wrong with that one. */
async function replaced(request: RebuildRequest, fresh: PostgresStore, schema: string): Promise<Built> {
  const { definition, log, progress } = request;
  const restored = postgresStore({ ...connectionOf(request), tables: request.service.entities });
  try {
    const { folded, missing, carriedOver } = await catchUp({ definition, log, restored, fresh, ...(progress && { progress }) });
    return { compared: await comparison(request, schema), events: folded, missing, carriedOver };
  } catch (error) {
    throw error instanceof StoreUnavailable ? inUse(request, error) : error;
  } finally {
    await restored.close();
  }
}

async function comparison(request: RebuildRequest, schema: string): Promise<SchemaComparison> {
  const tables = [...comparedRuntimeTables(accepted), ...request.service.entities.map((entity) => comparedTable(entity))];
  return await compareSchemas(connectionOf(request), liveSchema, schema, tables);
}

async function assertStopped(request: RebuildRequest): Promise<void> {
  const live = postgresStore({ ...connectionOf(request), tables: [] });
  try {
    const lease = await live.outbox.lease();
    if (!lease) throw inUse(request);
    await lease.release();
  } finally {
    await live.close();
  }
}

function inUse({ definition }: RebuildRequest, cause?: Error): SchemaInUse {
  return new SchemaInUse(`${definition.service} is running and writes to this database: stop it, then switch. Nothing was changed.`, {
    cause,
  });
}

function stoodStill({ tables, unsent }: SchemaComparison): boolean {
  return unsent === 0 && tables.every(({ table, different }) => table !== 'position' || different === 0);
}
