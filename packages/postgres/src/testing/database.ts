import { randomUUID } from 'node:crypto';

import pg from 'pg';

import { quoteName } from '../connection.ts';

export interface TestDatabase {
  readonly url: string;
  /** One statement as the owner of everything. */
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  drop(): Promise<void>;
}

/** A fresh database on the server of DATABASE_URL, for one spec file. */
export async function testDatabase(): Promise<TestDatabase> {
  const server = process.env['DATABASE_URL'];
  if (server === undefined) throw new Error('these tests need a PostgreSQL: set DATABASE_URL');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await once(server, `CREATE DATABASE ${quoteName(name)}`);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const client = new pg.Client({ connectionString: url.href });
  client.on('error', () => {});
  await client.connect();
  return {
    url: url.href,
    query: async (text, values = []) => (await client.query<Record<string, unknown>>(text, [...values])).rows,
    drop: async () => {
      await client.end();
      await once(server, `DROP DATABASE ${quoteName(name)} WITH (FORCE)`);
    },
  };
}

async function once(url: string, text: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
