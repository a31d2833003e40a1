import type { Position } from '@instep/department';
import pg from 'pg';

import { basicConfig, quoteName, type ConnectionSettings } from '../connection.ts';
import { RELAY_LOCK } from '../store/outbox.ts';
import { told } from '../store/session.ts';

/** A relay works on the live schema, so its service runs. Nothing was switched. */
export class SchemaInUse extends Error {
  readonly code = 'rebuild/schema-in-use';
  readonly transient = true;
}

/** The positions that a schema holds, by topic and partition. */
export async function positionsOf(
  connection: ConnectionSettings,
  schema: string,
  consumer: string,
): Promise<readonly Omit<Position, 'lastSequence'>[]> {
  return await withClient(connection, async (client) => {
    const { rows } = await told(
      client.query<{ topic: string; partition: number; next: string }>(
        `SELECT topic, partition, next_offset::text AS next FROM ${quoteName(schema)}.position WHERE consumer = $1 ORDER BY topic, partition`,
        [consumer],
      ),
    );
    return rows.map(({ topic, partition, next }) => ({ topic, partition, nextOffset: Number(next) }));
  });
}

/**
 * Puts the rebuilt schema in the place of the live one, in one transaction, and raises the epoch of its numbers. The live one stays beside
 * it as `keptAs`. No service may be running on it: the lock of the relay is taken for the while, and SchemaInUse thrown when another has it.
 */
export async function switchSchema(
  connection: ConnectionSettings,
  liveSchema: string,
  rebuiltSchema: string,
  keptAs: string,
): Promise<void> {
  await withClient(connection, async (client) => {
    await told(client.query('BEGIN'));
    const { rows } = await told(
      client.query<{ free: boolean }>(`SELECT pg_try_advisory_xact_lock(${RELAY_LOCK}, hashtext($1)) AS free`, [liveSchema]),
    );
    if (rows[0]?.free !== true) throw new SchemaInUse(`a service is running on the schema ${liveSchema}: stop it first`);
    await told(client.query(`ALTER SCHEMA ${quoteName(liveSchema)} RENAME TO ${quoteName(keptAs)}`));
    await told(client.query(`ALTER SCHEMA ${quoteName(rebuiltSchema)} RENAME TO ${quoteName(liveSchema)}`));
    await told(client.query(`UPDATE ${quoteName(liveSchema)}.relay SET epoch = epoch + 1, generation = generation + 1`));
    await told(client.query('COMMIT'));
  });
}

export async function dropSchema(connection: ConnectionSettings, schema: string): Promise<void> {
  await withClient(connection, async (client) => {
    await told(client.query(`DROP SCHEMA IF EXISTS ${quoteName(schema)} CASCADE`));
  });
}

async function withClient<Result>(connection: ConnectionSettings, work: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client(basicConfig(connection));
  client.on('error', () => {});
  try {
    await told(client.connect());
    return await work(client);
  } finally {
    await client.end();
  }
}
