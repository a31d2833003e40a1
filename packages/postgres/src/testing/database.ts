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
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await askServer(`CREATE DATABASE ${quoteName(name)}`);
  const url = databaseUrl(name);
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => {});
  await client.connect();
  return {
    url,
    query: async (text, values = []) => (await client.query<Record<string, unknown>>(text, [...values])).rows,
    drop: async () => {
      await client.end();
      await askServer(`DROP DATABASE ${quoteName(name)} WITH (FORCE)`);
    },
  };
}

/** The address of a database on the server of DATABASE_URL, such as one that the tested code made. */
export function databaseUrl(name: string): string {
  const url = new URL(server());
  url.pathname = `/${name}`;
  return url.href;
}

/** One statement on the server itself, on a connection of its own. */
export async function askServer(text: string): Promise<readonly Record<string, unknown>[]> {
  return await askDatabase(server(), text);
}

/** One statement on a connection of its own. */
export async function askDatabase(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

function server(): string {
  const url = process.env['DATABASE_URL'];
  if (!url) throw new Error('these tests need a PostgreSQL: set DATABASE_URL');
  return url;
}
