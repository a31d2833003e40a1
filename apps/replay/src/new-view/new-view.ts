import { viewBuild, type ViewBuild } from '@instep/department';
import {
  compareView,
  dataSource,
  inTurn,
  migrate,
  OWN_VERSION,
  postgresStore,
  readSoFar,
  routeOf,
  schemaOfView,
  switchView,
  type PostgresStore,
  type ViewComparison,
} from '@instep/postgres';

import { ReplayFault } from '../fault.ts';
import { withoutOutbox } from '../run/fill-sandbox.ts';
import { tables } from '../tables.ts';
import type { ViewSource, ViewTarget } from './view-target.ts';

/** The schema of the tables that a service keeps itself. */
const ownSchema = 'public';
/** SQLSTATE of a relation, or the schema it would be in, that is not there: a message is in the language of the server. */
const undefinedTable = '42P01';
/** How often a live service may have gone on before both were read at the same place. */
const rounds = 20;

class Stopped extends Error {}

/**
 * Builds a version of a view beside the one that is read, with the code at hand, up to the end of the log; goes on where an earlier build of
 * it was killed. `whileBuilt` is called with each round's end and says whether there is another one, for whoever follows the log.
 */
export async function buildView(target: ViewTarget, source: ViewSource, whileBuilt?: () => Promise<boolean>): Promise<void> {
  await withBuild(target, source, async (build) => {
    do await build.advance();
    while (whileBuilt !== undefined && (await whileBuilt()));
  });
}

/** Reads on to where the version that is read stands, and compares the two. `except`: columns that may differ. */
export async function compareBuilt(target: ViewTarget, source: ViewSource, except: readonly string[]): Promise<ViewComparison> {
  await assertBuilt(target);
  return withBuild(target, source, async (build) => {
    let found: ViewComparison | undefined;
    // A service goes on while it is compared: what differs for that reason alone is the same a moment later.
    for (let round = 0; round < rounds && found?.equal !== true; round += 1) {
      const live = await liveOf(target);
      const { positions, unsent } = await readSoFar(target.connection, live.schema, live.consumer);
      await build.advance(positions);
      const { entity } = target;
      found = await compareView(target.connection, { entity, liveSchema: live.schema, builtSchema: schemaOf(target), except });
      const after = await readSoFar(target.connection, live.schema, live.consumer);
      const stoodStill = unsent === 0 && JSON.stringify(positions) === JSON.stringify(after.positions);
      if (stoodStill && round > 1) break;
    }
    if (!found) throw new Error('nothing was compared');
    return found;
  });
}

/** From now on this version is read. Compares first, and throws `ReplayFault` when they differ: nothing is changed then. */
export async function switchTo(target: ViewTarget, source: ViewSource, except: readonly string[]): Promise<ViewComparison> {
  const comparison = await compareBuilt(target, source, except);
  if (!comparison.equal) {
    const [example] = comparison.table.examples;
    const where = example === undefined ? '' : `, such as ${example.key.join('/')} (${example.found})`;
    throw new ReplayFault(
      'replay/comparison-red',
      `Version ${String(target.version)} of ${target.table} is not what is read now: ${String(comparison.table.different)} rows differ${where}. Nothing was switched; columns that are meant to differ are named with --except.`,
    );
  }
  await switchView(target.connection, { view: target.table, version: target.version, schema: schemaOf(target) });
  return comparison;
}

/** From now on an earlier version is read again: the one that the service keeps itself, unless another is named. */
export async function rollBack(target: ViewTarget, to: number = OWN_VERSION): Promise<void> {
  const { connection, table } = target;
  const schema = to === OWN_VERSION ? ownSchema : schemaOfView(table, to);
  if (to !== OWN_VERSION) await assertBuilt({ ...target, version: to });
  await switchView(connection, { view: table, version: to, schema });
}

function schemaOf({ table, version }: ViewTarget): string {
  return schemaOfView(table, version);
}

async function liveOf({ connection, table, definition }: ViewTarget): Promise<{ schema: string; consumer: string }> {
  const route = await routeOf(connection, table);
  if (route === undefined || route.version === OWN_VERSION) return { schema: ownSchema, consumer: definition.consumer };
  return { schema: route.schema, consumer: `view/${table}` };
}

async function withBuild<Result>(target: ViewTarget, source: ViewSource, work: (build: ViewBuild) => Promise<Result>): Promise<Result> {
  const { connection, definition, table } = target;
  const busy = (): Promise<void> =>
    Promise.reject(
      new ReplayFault('replay/busy', `Another process builds version ${String(target.version)} of ${table} now: wait for it, or end it.`),
    );
  const build = async (): Promise<Result> => {
    const store = await storeOf(target);
    try {
      const { log, progress, signal } = source;
      return await work(
        await viewBuild({
          ...{ definition, table, log, store: withoutOutbox(store) },
          progress: (done, total) => {
            if (signal?.aborted) throw new Stopped();
            progress?.(done, total);
          },
        }),
      );
    } catch (error) {
      if (!(error instanceof Stopped)) throw error;
      throw new ReplayFault('replay/stopped', `The build was stopped. It goes on with the same command; nothing of it is read yet.`, error);
    } finally {
      await store.close();
    }
  };
  return inTurn(connection, schemaOf(target), build, busy);
}

/** The tables of the department in a schema of this version; all but one of them stay empty. */
async function storeOf(target: ViewTarget): Promise<PostgresStore> {
  const { entities, migrations } = tables[target.definition.service];
  const connection = { ...target.connection, schema: schemaOf(target) };
  const source = dataSource({ ...connection, entities, migrations });
  try {
    await migrate(source);
  } finally {
    if (source.isInitialized) await source.destroy();
  }
  return postgresStore({ ...connection, tables: [target.entity] });
}

async function assertBuilt(target: ViewTarget): Promise<void> {
  if (await isBuilt(target)) return;
  throw new ReplayFault(
    'replay/not-built',
    `There is no version ${String(target.version)} of ${target.table} of ${target.definition.service}: npm run replay -- view build makes it.`,
  );
}

async function isBuilt(target: ViewTarget): Promise<boolean> {
  try {
    await readSoFar(target.connection, schemaOf(target), `view/${target.table}`);
    return true;
  } catch (error) {
    if ((error as { readonly code?: unknown }).code === undefinedTable) return false;
    throw error;
  }
}
