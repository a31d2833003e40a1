import { randomUUID } from 'node:crypto';

import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';

import { SandboxDatabase } from './sandbox-database.ts';

const server = process.env['DATABASE_URL'] ?? '';
const user = `sandbox_test_${randomUUID().slice(0, 8)}`;

async function query(text: string): Promise<void> {
  if (server === '') throw new Error('DATABASE_URL is not set: this spec needs a database.');
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(text);
  await client.end();
}

beforeAll(() => query(`CREATE ROLE ${user} LOGIN PASSWORD 'secret'`));
afterAll(() => query(`DROP ROLE ${user}`));

describe('the database of a sandbox', () => {
  it('says that somebody may not make one', async () => {
    const url = new URL(server);
    [url.username, url.password] = [user, 'secret'];
    const database = new SandboxDatabase(url.href, `sim_${user.replaceAll('_', '')}`);
    await expect(database.create()).rejects.toMatchObject({
      code: 'replay/no-database',
      message: expect.stringMatching(/permission denied to create database.*a user who may create databases/),
    });
  });
});
