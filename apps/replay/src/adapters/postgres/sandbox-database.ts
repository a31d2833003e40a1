import pg from 'pg';

import { asReplayFault, ReplayFault } from '../../fault.ts';

/** Names of databases that a replay may make and remove; no service's database is called so. */
const NAME = /^sim_[a-z0-9]+$/;

/** The database of a sandbox, on the server of the services and never one of theirs. */
export class SandboxDatabase {
  readonly name: string;
  readonly url: string;
  readonly #server: string;

  /** `server`: the address of any database of the server. Throws `ReplayFault` when it is none; so do all questions to one that is away. */
  constructor(server: string, name: string) {
    if (!NAME.test(name)) throw new Error(`"${name}" is no name of a sandbox`);
    const address = addressOf(server);
    address.pathname = `/${name}`;
    this.name = name;
    this.url = address.href;
    this.#server = server;
  }

  async exists(): Promise<boolean> {
    const rows = await ask(this.#server, 'SELECT 1 FROM pg_database WHERE datname = $1', [this.name]);
    return rows.length > 0;
  }

  async create(): Promise<void> {
    if (!(await this.exists())) await ask(this.#server, `CREATE DATABASE ${this.name}`);
  }

  async drop(): Promise<void> {
    await ask(this.#server, `DROP DATABASE IF EXISTS ${this.name} WITH (FORCE)`);
  }

  /** A schema that a killed run left half built goes. */
  async clear(schema: string): Promise<void> {
    await ask(this.url, `DROP SCHEMA IF EXISTS ${quoted(schema)} CASCADE`);
  }

  async rename(schema: string, to: string): Promise<void> {
    await ask(this.url, `ALTER SCHEMA ${quoted(schema)} RENAME TO ${quoted(to)}`);
  }

  /** Does work on its tables. Throws `ReplayFault` when the server cannot do it: it is away, its disk is full, it lets nobody in. */
  async using<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (error) {
      throw isOfServer(error) ? spoken(error, this.url) : error;
    }
  }

  async schemas(): Promise<readonly string[]> {
    const rows = await ask(this.url, `SELECT nspname AS name FROM pg_namespace WHERE nspname !~ '^(pg_|information_schema|public$)'`);
    return rows.map(({ name }) => String(name));
  }
}

function addressOf(server: string): URL {
  if (!URL.canParse(server))
    throw new ReplayFault(
      'replay/bad-option',
      `"${server}" is no address of a database: set DATABASE_URL=postgres://user:password@host:port/name.`,
    );
  return new URL(server);
}

async function ask(url: string, text: string, values: readonly unknown[] = []): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  client.on('error', () => undefined); // the statement under way meets it
  try {
    await client.connect();
    return (await client.query<Record<string, unknown>>(text, [...values])).rows;
  } catch (error) {
    throw spoken(error, url);
  } finally {
    await client.end();
  }
}

/** As the store says it, or as the server and the connection to it do: connection, resources, shutdown, system, not let in, no such database. */
function isOfServer(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return (
    typeof code === 'string' &&
    /^(?:store\/(?:unavailable|replaced)$|(?:08|53|57P|58|28|3D)[0-9A-Z]*$|ECONN[A-Z]+$|ETIMEDOUT$|ENOTFOUND$|EAI_AGAIN$|EPIPE$)/.test(code)
  );
}

function spoken(error: unknown, url: string): unknown {
  const { host } = new URL(url);
  const known = asReplayFault(error, `the database server ${host}`);
  if (known instanceof ReplayFault) return known;
  // Where a name stands for several addresses, each has a reason of its own, and the error none.
  const { message = '', code = '' } = error as { readonly message?: string; readonly code?: string };
  return new ReplayFault(
    'replay/no-database',
    `The database server ${host} cannot be used for a sandbox (${message || code}): begin with npm start, or set DATABASE_URL to one that runs and a user who may create databases.`,
    error,
  );
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
