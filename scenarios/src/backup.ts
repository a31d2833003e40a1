import type { ServiceName } from '@instep/contracts';
import pg from 'pg';

import type { Company } from './company.ts';

/** A copy of a service's database, as it was when it was taken. */
export interface Backup {
  /** Puts a copy of it in the place of the database, whoever is connected. */
  putBack(): Promise<void>;
}

let copies = 0;

/** Takes a copy of the database of a service. Cuts its connections for the moment. */
export async function backUp(company: Company, service: ServiceName): Promise<Backup> {
  const address = new URL(company.system.databaseOf(service));
  const live = address.pathname.slice(1);
  copies += 1;
  const copy = `${live}_copy_${String(copies)}`;
  await withServer(address, async (server) => {
    await alone(server, live, () => server.query(`CREATE DATABASE ${copy} TEMPLATE ${live}`));
  });
  return {
    putBack: () =>
      withServer(address, async (server) => {
        copies += 1;
        const next = `${live}_next_${String(copies)}`;
        await server.query(`CREATE DATABASE ${next} TEMPLATE ${copy}`);
        await alone(server, live, () => server.query(`ALTER DATABASE ${live} RENAME TO ${live}_gone_${String(copies)}`));
        await server.query(`ALTER DATABASE ${next} RENAME TO ${live}`);
      }),
  };
}

/** Does what the server only does to a database that nobody is connected to. */
async function alone(server: pg.Client, database: string, work: () => Promise<unknown>): Promise<void> {
  await server.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS false`);
  try {
    for (;;) {
      await server.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [database]);
      try {
        await work();
        return;
      } catch (error) {
        // Somebody is still on the way out.
        if ((error as { code?: unknown }).code !== '55006') throw error;
      }
    }
  } finally {
    await server.query(`ALTER DATABASE ${database} ALLOW_CONNECTIONS true`).catch(() => undefined);
  }
}

async function withServer(address: URL, work: (server: pg.Client) => Promise<void>): Promise<void> {
  const url = new URL(address);
  url.pathname = '/postgres';
  const server = new pg.Client({ connectionString: url.href });
  await server.connect();
  try {
    await work(server);
  } finally {
    await server.end();
  }
}
