import type { IncomingEvent } from '@instep/department';
import { schemaDrift } from '@instep/postgres';
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
  close(): Promise<void>;
}

/** The whole service on a log in memory and a fresh schema of the database that DATABASE_URL names. */
export async function serviceOnPostgres<S extends Settings>(service: ServiceDefinition<S>): Promise<ServiceOnPostgres> {
  const schema = await freshSchema(service);
  const { log, tell } = toldLog();
  const host = await testHost(service, { log, store: schema.newStore(), dataSource: schema.source });
  return {
    ...requestsOf(host),
    async hear(...events) {
      const target = dealtWith(host.department) + events.length;
      for (const event of events) await tell(event);
      await applied(host.department, target);
    },
    query: (sql, parameters) => schema.source.query(sql, parameters),
    drift: () => schemaDrift(schema.source),
    async close() {
      await host.close();
      await log.close();
      await schema.drop();
    },
  };
}
