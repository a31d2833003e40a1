import { randomUUID } from 'node:crypto';

import { dataSource, invariantWatch, migrate, postgresStore, runtimeInvariants } from '@instep/postgres';
import type { InvariantWatch, PostgresStore } from '@instep/postgres';
import type { ServiceDefinition } from '@instep/service-host';

export interface FreshSchema {
  readonly name: string;
  /** Connected, with the tables of the service. */
  readonly source: ReturnType<typeof dataSource>;
  /** One more process's store; closed with the schema. */
  newStore(): PostgresStore;
  /** Watches all invariants of the service; closed with the schema. */
  newWatch(now: () => number): InvariantWatch;
  /** Closes everything and removes the schema. */
  drop(): Promise<void>;
}

/** A schema of its own in the database that DATABASE_URL names, with all tables of the service. */
export async function freshSchema(
  service: Pick<ServiceDefinition, 'name' | 'entities' | 'migrations' | 'invariants'>,
): Promise<FreshSchema> {
  const url = process.env['DATABASE_URL'];
  if (url === undefined) throw new Error('these tests need a PostgreSQL: set DATABASE_URL');
  const schema = `${service.name.replaceAll('-', '_')}_${randomUUID().replaceAll('-', '')}`;
  const connection = { url, service: service.name, schema };
  const source = dataSource({ ...connection, entities: service.entities, migrations: service.migrations });
  await migrate(source);
  const opened: { close(): Promise<void> }[] = [];
  return {
    name: schema,
    source,
    newStore() {
      const store = postgresStore({ ...connection, tables: service.entities });
      opened.push(store);
      return store;
    },
    newWatch(now) {
      const watch = invariantWatch({ ...connection, now, invariants: [...runtimeInvariants, ...(service.invariants ?? [])] });
      opened.push(watch);
      return watch;
    },
    async drop() {
      for (const each of opened) await each.close();
      await source.query(`DROP SCHEMA ${schema} CASCADE`);
      await source.destroy();
    },
  };
}
