import { type Inspection, type RelayLedger, StoreReplaced } from '@instep/department';
import type pg from 'pg';

import { type RawRow, run, runPooled, text } from './session.ts';
import { named, type Statement } from './statements.ts';

/**
 * Changes with everything that can put another copy of the data in place: a server that restarted or another one that took over has another
 * start time, a database that was made again another oid, a schema that was switched another table. It is asked once per session, since
 * whatever replaces the data ends the sessions: a server that stops does, and `switchSchema` does so by itself.
 */
const INCARNATION = `concat_ws('/', extract(epoch FROM pg_postmaster_start_time()),
   (SELECT oid FROM pg_database WHERE datname = current_database()), 'relay'::regclass::oid)`;
const OF_SESSION = named(`SELECT ${INCARNATION}`);
/** Of the ledger, in the order in which `ledgerOf` reads them. */
export const LEDGER_COLUMNS = 'generation, epoch, serial, counters, in_flight';
const INSPECT = named(`SELECT ${LEDGER_COLUMNS}, ${INCARNATION} FROM relay`);
const INCARNATION_COLUMN = 5;

const known = new WeakMap<pg.PoolClient, string>();

/** Runs a statement on a session of the pool that is of this incarnation; rejects with StoreReplaced when it is of another. */
export async function runInIncarnation(
  pool: pg.Pool,
  incarnation: string | undefined,
  statement: Statement,
  values: readonly (string | number | Buffer)[],
): Promise<readonly RawRow[]> {
  if (incarnation === undefined) return await runPooled(pool, statement, values);
  return await runPooled(pool, statement, values, async (client) => {
    const met = known.get(client) ?? (await incarnationOf(client));
    if (met !== incarnation) throw new StoreReplaced('another database answers than the one that was compared with the log');
  });
}

async function incarnationOf(client: pg.PoolClient): Promise<string> {
  const [row] = await run(client, OF_SESSION, []);
  const incarnation = row ? text(row, 0) : '';
  known.set(client, incarnation);
  return incarnation;
}

export async function inspect(pool: pg.Pool): Promise<Inspection> {
  const [row] = await runPooled(pool, INSPECT, []);
  return { incarnation: row ? text(row, INCARNATION_COLUMN) : '', ledger: ledgerOf(row) };
}

export function ledgerOf(row: RawRow | undefined): RelayLedger {
  if (!row) throw new Error('the table relay has lost its row');
  return {
    generation: Number(text(row, 0)),
    epoch: Number(text(row, 1)),
    serial: Number(text(row, 2)),
    counters: JSON.parse(text(row, 3)) as RelayLedger['counters'],
    inFlight: unpacked(JSON.parse(text(row, 4)) as readonly number[]),
  };
}

/** Pairs as a flat list: a thousand of them are written with every batch. */
export function packed(inFlight: RelayLedger['inFlight']): readonly number[] {
  return inFlight.flatMap(({ id, n }) => [id, n]);
}

function unpacked(numbers: readonly number[]): RelayLedger['inFlight'] {
  return numbers.flatMap((id, index) => (index % 2 === 0 ? [{ id, n: numbers[index + 1] ?? 0 }] : []));
}
