import type { Position } from '@instep/department';

import { quoteName, type ConnectionSettings } from '../connection.ts';
import { RELAY_LOCK } from '../store/outbox.ts';
import { told } from '../store/session.ts';
import { withClient } from '../with-client.ts';

/** A relay works on the live schema, so its service runs. Nothing was switched. */
export class SchemaInUse extends Error {
  readonly code = 'rebuild/schema-in-use';
  readonly transient = true;
}

export interface ReadSoFar {
  readonly positions: readonly Omit<Position, 'lastSequence'>[];
  /** Events recorded and not yet sent, at the same moment. */
  readonly unsent: number;
}

/** How far a schema has read, and whether all that came of it has been sent. */
export async function readSoFar(connection: ConnectionSettings, schema: string, consumer: string): Promise<ReadSoFar> {
  return await withClient(connection, async (client) => {
    const { rows } = await told(
      client.query<{ topic: string | null; partition: number; next: string; unsent: string }>(
        `SELECT p.topic, p.partition, p.next_offset::text AS next, o.unsent
         FROM (SELECT count(*) AS unsent FROM ${quoteName(schema)}.outbox) o
         LEFT JOIN ${quoteName(schema)}.position p ON p.consumer = $1 ORDER BY p.topic, p.partition`,
        [consumer],
      ),
    );
    const positions = rows.flatMap(({ topic, partition, next }) =>
      topic === null ? [] : [{ topic, partition, nextOffset: Number(next) }],
    );
    return { positions, unsent: Number(rows[0]?.unsent ?? 0) };
  });
}

export interface SchemaSwitch {
  readonly liveSchema: string;
  readonly rebuiltSchema: string;
  /** What the former live schema is called from then on. */
  readonly keptAs: string;
  readonly epoch: 'raise' | 'keep';
}

const END_SESSIONS = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
  WHERE datname = current_database() AND usename = current_user AND application_name = $1 AND pid <> pg_backend_pid()`;

/**
 * Puts the rebuilt schema in the place of the live one, in one transaction, and raises the epoch of its numbers unless that was done. The live
 * one stays beside it as `keptAs`. No relay may be working on it: its lock is taken for the while, and SchemaInUse thrown when another has it.
 * Sessions of the service that know the live one end: whoever held them finds another incarnation.
 */
export async function switchSchema(
  connection: ConnectionSettings,
  { liveSchema, rebuiltSchema, keptAs, epoch }: SchemaSwitch,
): Promise<void> {
  await withClient(connection, async (client) => {
    await told(client.query('BEGIN'));
    const { rows } = await told(
      client.query<{ free: boolean }>(`SELECT pg_try_advisory_xact_lock(${RELAY_LOCK}, hashtext($1)) AS free`, [liveSchema]),
    );
    if (rows[0]?.free !== true) throw new SchemaInUse(`a service is running on the schema ${liveSchema}: stop it first`);
    await told(client.query(`ALTER SCHEMA ${quoteName(liveSchema)} RENAME TO ${quoteName(keptAs)}`));
    await told(client.query(`ALTER SCHEMA ${quoteName(rebuiltSchema)} RENAME TO ${quoteName(liveSchema)}`));
    if (epoch === 'raise')
      await told(client.query(`UPDATE ${quoteName(liveSchema)}.relay SET epoch = epoch + 1, serial = 0, generation = generation + 1`));
    await told(client.query('COMMIT'));
    await told(client.query(END_SESSIONS, [`instep/${connection.service}`]));
  });
}
