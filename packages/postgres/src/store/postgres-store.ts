import type { Store } from '@instep/department';
import type { EntitySchema } from 'typeorm';

import { type ConnectionSettings, hotPathConfig, openPool } from '../connection.ts';
import { Committer } from './commit.ts';
import { inspect } from './incarnation.ts';
import { Loader } from './load.ts';
import { postgresOutbox } from './outbox.ts';
import { postgresParking } from './parking.ts';
import { scanStreams } from './scan.ts';
import { told } from './session.ts';
import { tableShape } from './table-shape.ts';

export interface PostgresStoreSettings extends ConnectionSettings {
  /** Entity schemas of the department's projections. Their primary columns stand in the order of `Table.key`. */
  readonly tables: readonly EntitySchema<object>[];
}

export interface PostgresStore extends Store {
  /** Connections open, idle, and callers that wait for one. Waiting ones mean that the database is the bottleneck. */
  readonly connections: () => { readonly open: number; readonly idle: number; readonly waiting: number };
  /** Gives up the lease and closes every connection, after the statements under way. Safe to call twice. */
  readonly close: () => Promise<void>;
}

/**
 * A department's own database on PostgreSQL. A load and a commit are one round trip each. Nothing is connected before the first call.
 * The tables must be there: see `migrate`.
 */
export function postgresStore(settings: PostgresStoreSettings): PostgresStore {
  const pool = openPool(settings);
  const tables = new Map(settings.tables.map(tableShape).map((table) => [table.name, table]));
  const loader = new Loader(tables);
  const committer = new Committer(tables);
  const outbox = postgresOutbox(pool, hotPathConfig(settings));
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    await outbox.close();
    await pool.end();
  };
  return {
    load: (request) => loader.load(pool, request),
    commit: (unit) => committer.commit(pool, unit),
    inspect: () => told(inspect(pool)),
    scanStreams: (after, limit) => scanStreams(pool, after, limit),
    outbox,
    parked: postgresParking(pool),
    connections: () => ({ open: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
    close: () => (closed ??= close()),
  };
}
