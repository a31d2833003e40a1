import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { identify } from '@instep/local-process';
import { Client } from 'pg';
import { startPostgres, type Postgres, type PostgresOptions } from './start-postgres.ts';

const folder = mkdtempSync(join(tmpdir(), 'embedded postgres '));
const started: Postgres[] = [];

afterAll(async () => {
  await Promise.all(started.map((postgres) => postgres.stop()));
  rmSync(folder, { recursive: true, force: true });
});

describe('the embedded PostgreSQL', () => {
  it('serves, makes a database once, and keeps its rows over a stop', async () => {
    const options = at('kept');
    const postgres = await start(options);
    const [first, second] = await Promise.all([postgres.createDatabase('a-b'), postgres.createDatabase('a-b')]);
    expect(second).toBe(first);
    await query(first, 'CREATE TABLE t AS SELECT 1 AS n');
    await postgres.stop();
    expect(identify(postgres.pid)).toBeUndefined();

    const again = await start(options);
    expect(await query(await again.createDatabase('a-b'), 'SELECT n FROM t')).toEqual([{ n: 1 }]);
  });

  it('keeps what was committed when the server is killed, and starts again', async () => {
    const options = { ...at('killed'), durable: false };
    const postgres = await start(options);
    await query(postgres.url, 'CREATE TABLE t AS SELECT 1 AS n');
    process.kill(postgres.pid, 'SIGKILL');
    await postgres.exited;
    const again = await start(options);
    expect(await query(again.url, 'SELECT n FROM t')).toEqual([{ n: 1 }]);
  });

  it('refuses a folder that is in use and a port that is taken', async () => {
    const postgres = await start(at('busy'));
    await expect(startPostgres(at('busy'))).rejects.toMatchObject({ code: 'platform/already-running' });
    await expect(startPostgres({ ...at('other'), port: postgres.port })).rejects.toMatchObject({ code: 'platform/port-taken' });
  });

  it('writes commits to disk unless told that the data may be lost', async () => {
    const [durable, fast] = await Promise.all([start(at('durable')), start({ ...at('fast'), durable: false })]);
    expect(await query(durable.url, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
    expect(await query(durable.url, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
    expect(await query(fast.url, 'SHOW fsync')).toEqual([{ fsync: 'off' }]);
  });
});

function at(name: string): PostgresOptions {
  return { dataDir: join(folder, name), logFile: join(folder, `${name}.log`) };
}

async function start(options: PostgresOptions): Promise<Postgres> {
  const postgres = await startPostgres(options);
  started.push(postgres);
  return postgres;
}

async function query(url: string, sql: string): Promise<unknown[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query(sql);
    return rows as unknown[];
  } finally {
    await client.end();
  }
}
