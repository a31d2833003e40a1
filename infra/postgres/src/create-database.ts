import { Client } from 'pg';

/**
 * Makes the database `name` on the server of `url` when it is missing and gives its address. Safe to call again, and in
 * several processes at the same time. Errors: those of `pg`.
 */
export async function createDatabase(url: string, name: string): Promise<string> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rowCount } = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
  } catch (error) {
    if (!existsAlready(error)) throw error;
  } finally {
    await client.end();
  }
  return databaseUrl(url, name);
}

/** The address of another database on the same server. */
export function databaseUrl(url: string, name: string): string {
  const address = new URL(url);
  address.pathname = `/${encodeURIComponent(name)}`;
  return address.href;
}

/** duplicate_database, or the unique index of the catalogue when two sessions make it in the same moment. */
function existsAlready(error: unknown): boolean {
  const code = (error as { code?: string }).code;
  return code === '42P04' || code === '23505';
}
