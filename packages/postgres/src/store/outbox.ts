import { type OutboxLease, type OutboxRow, type OutboxStore, StoreUnavailable } from '@instep/department';
import pg from 'pg';

import { LEDGER_COLUMNS, ledgerOf, packed } from './incarnation.ts';
import { type RawRow, run, runPooled, text, told } from './session.ts';
import { named, type Statement } from './statements.ts';

/** Any number that no other advisory lock of the project uses; the second half of the lock is the schema. */
export const RELAY_LOCK = 7_301_001;

const LOCK = named(`SELECT pg_try_advisory_lock(${RELAY_LOCK}, hashtext(current_schema()))::text`);
const LEDGER = named(`SELECT ${LEDGER_COLUMNS} FROM relay`);
const ALLOT = named(
  `UPDATE relay SET generation = generation + 1, epoch = $2::int, serial = $3::bigint, counters = $4::text, in_flight = $5::text
   WHERE generation = $1::bigint
   RETURNING generation`,
);
const BACKLOG = named(
  `SELECT count(*), coalesce((SELECT extract(epoch FROM clock_timestamp() - recorded_at) FROM outbox ORDER BY id LIMIT 1), 0) FROM outbox`,
);

const COLUMNS = 'id, topic, partition, key, type, value, (extract(epoch FROM recorded_at) * 1000)::bigint';
/**
 * Reads from the oldest row, since a row with a low id may become visible late. A snapshot held for long (a dump of the database) keeps
 * removed rows in the way of this: a hundred thousand of them cost some 50 ms a read.
 */
export const NEXT = named(`SELECT ${COLUMNS} FROM outbox ORDER BY id LIMIT $1::bigint`);
const ROWS = named(`SELECT ${COLUMNS} FROM outbox WHERE id = ANY ($1::bigint[]) ORDER BY id`);
/**
 * Both halves see the table as it was before the statement, so the second has to leave out what the first removes.
 *
 * The removal need not be on disk when it is answered: should the server lose it, the ledger still says what was sent and the same rows
 * go out with the same numbers. `allot` waits for the disk, and with it for everything before.
 */
export const REMOVE_AND_NEXT = named(
  `WITH gone AS (DELETE FROM outbox WHERE id = ANY ($1::bigint[]) AND (SELECT set_config('synchronous_commit', 'off', true)) = 'off')
   SELECT ${COLUMNS} FROM outbox WHERE id NOT IN (SELECT unnest($1::bigint[])) ORDER BY id LIMIT $2::bigint`,
);

export function postgresOutbox(pool: pg.Pool, session: pg.ClientConfig): OutboxStore & { close(): Promise<void> } {
  const leases = new Set<OutboxLease>();
  return {
    async lease() {
      const client = new pg.Client(session);
      let alive = true;
      const lost = (): void => void (alive = false);
      client.on('error', lost);
      client.on('end', lost);
      const end = async (): Promise<void> => {
        lost();
        await client.end().catch(() => {});
      };
      try {
        await client.connect();
        const [row] = await run(client, LOCK, []);
        if (row && text(row, 0) === 'true') {
          const lease = leaseOf(
            client,
            () => alive,
            async () => {
              leases.delete(lease);
              await end();
            },
          );
          leases.add(lease);
          return lease;
        }
      } catch (error) {
        await end();
        await told(Promise.reject(error as Error));
      }
      await end();
      return undefined;
    },
    async backlog() {
      const [row] = await told(runPooled(pool, BACKLOG, []));
      return row ? { rows: Number(text(row, 0)), oldestSeconds: Math.max(0, Number(text(row, 1))) } : { rows: 0, oldestSeconds: 0 };
    },
    async close() {
      await Promise.all([...leases].map((lease) => lease.release()));
    },
  };
}

/** Everything goes through the session that holds the lock: when it is cut, nothing goes through any more. */
function leaseOf(client: pg.Client, alive: () => boolean, end: () => Promise<void>): OutboxLease {
  const ask = async (statement: Statement, values: readonly string[]): Promise<readonly RawRow[]> => {
    if (!alive()) throw new StoreUnavailable('the session that held the lease of the outbox is gone');
    try {
      return await told(run(client, statement, values));
    } catch (error) {
      // A session that did not answer in time may answer the last question next. It is given up rather than trusted, and not waited for.
      if ((error as { readonly transient?: boolean }).transient === true) void end();
      throw error;
    }
  };
  return {
    held: alive,
    async ledger() {
      const [row] = await ask(LEDGER, []);
      return ledgerOf(row);
    },
    async next(acknowledged, limit) {
      const rows =
        acknowledged.length === 0 ? await ask(NEXT, [String(limit)]) : await ask(REMOVE_AND_NEXT, [arrayOf(acknowledged), String(limit)]);
      return rows.map(outboxRow);
    },
    async rows(ids) {
      return (await ask(ROWS, [arrayOf(ids)])).map(outboxRow);
    },
    async allot({ generation, epoch, serial, counters, inFlight }) {
      const values = [String(generation), String(epoch), String(serial), JSON.stringify(counters), JSON.stringify(packed(inFlight))];
      return (await ask(ALLOT, values)).length === 1;
    },
    release: end,
  };
}

function outboxRow(row: RawRow): OutboxRow {
  return {
    id: Number(text(row, 0)),
    topic: text(row, 1),
    partition: Number(text(row, 2)),
    key: text(row, 3),
    type: text(row, 4),
    value: text(row, 5),
    recordedAt: Number(text(row, 6)),
  };
}

function arrayOf(ids: readonly number[]): string {
  return `{${ids.join(',')}}`;
}
