import { isDeepStrictEqual } from 'node:util';

import type { IncomingEvent } from '@instep/department';
import { schemaDrift } from '@instep/postgres';
import type { InvariantWatch } from '@instep/postgres';
import { testHost } from '@instep/service-host';
import type { ServiceDefinition, Settings } from '@instep/service-host';

import { applied, dealtWith } from '../department/applied.ts';
import { toldLog } from '../department/told-log.ts';
import { freshSchema } from './fresh-schema.ts';
import { requestsOf } from './requests.ts';
import type { Requests } from './requests.ts';

export interface ServiceOnPostgres extends Requests {
  /** Puts events of other owners into the log and waits until they are applied. */
  hear(...events: readonly IncomingEvent[]): Promise<void>;
  /** Asks the database itself; the service's schema is in the path. */
  query<Row>(sql: string, parameters?: unknown[]): Promise<readonly Row[]>;
  /** What the tables lack compared with the entity schemas. */
  drift(): Promise<readonly string[]>;
  /** What breaks each invariant that does not hold, by its name; empty in a healthy database. Throws when one cannot be checked. */
  violations(): Promise<Record<string, readonly string[]>>;
  /** As `violations`, after these statements; then every table is as it was. */
  violationsAfter(...corruptions: readonly string[]): Promise<Record<string, readonly string[]>>;
  close(): Promise<void>;
}

/** The whole service on a log in memory and a fresh schema of the database that DATABASE_URL names. */
export async function serviceOnPostgres<S extends Settings>(service: ServiceDefinition<S>): Promise<ServiceOnPostgres> {
  const schema = await freshSchema(service);
  const { log, tell } = toldLog();
  const host = await testHost(service, { log, store: schema.newStore(), dataSource: schema.source });
  let hour = 0;
  const watch = schema.newWatch(() => Date.now() + hour * 3_600_000);
  const query = <Row>(sql: string, parameters?: unknown[]): Promise<readonly Row[]> => schema.source.query(sql, parameters);
  return {
    ...requestsOf(host),
    violations: () => violationsFound(watch, true),
    async violationsAfter(...corruptions) {
      const restore = await keptTables(query);
      try {
        await violationsFound(watch, true);
        for (const sql of corruptions) await query(sql);
        hour += 1;
        // In passing and on all rows the same is found, since everything here is recent and small.
        const inPassing = await violationsFound(watch, false);
        const found = await violationsFound(watch, true);
        if (!isDeepStrictEqual(inPassing, found)) throw new Error(`found in passing: ${JSON.stringify(inPassing)}`);
        return found;
      } finally {
        await restore();
      }
    },
    async hear(...events) {
      const target = dealtWith(host.department) + events.length;
      for (const event of events) await tell(event);
      await applied(host.department, target);
    },
    query,
    drift: () => schemaDrift(schema.source),
    async close() {
      await host.close();
      await log.close();
      await schema.drop();
    },
  };
}

async function violationsFound(watch: InvariantWatch, everything: boolean): Promise<Record<string, readonly string[]>> {
  const states = (await watch.run({ everything, standing: new Set() })) ?? [];
  const failed = states.find(({ failure }) => failure !== undefined);
  if (failed) throw new Error(`${failed.name} cannot be checked: ${failed.failure ?? ''}`);
  const broken = states.filter((state) => state.violations.length > 0);
  return Object.fromEntries(broken.map((state) => [state.name, state.violations.map(({ subject }) => subject).sort()]));
}

type Query = <Row>(sql: string) => Promise<readonly Row[]>;

/** Copies every table of the schema; resolves with what puts their rows back. */
async function keptTables(query: Query): Promise<() => Promise<void>> {
  const tables = await query<{ name: string }>('SELECT tablename AS name FROM pg_tables WHERE schemaname = current_schema()');
  for (const { name } of tables) await query(`CREATE TABLE kept_${name} AS TABLE "${name}"`);
  return async () => {
    for (const { name } of tables) {
      await query(`TRUNCATE "${name}"`);
      await query(`INSERT INTO "${name}" TABLE kept_${name}`);
      await query(`DROP TABLE kept_${name}`);
    }
  };
}
