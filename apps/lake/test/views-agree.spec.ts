import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { EventLog, LogReader } from '@instep/event-log';
import { runWorld } from '@instep/simulation';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { exportLog } from '../src/log/export-log.ts';
import { defaultQueryLimits } from '../src/query/limits.ts';
import { QuerySession } from '../src/query/query-session.ts';
import { buildRowHistory } from '../src/row-history/build-row-history.ts';
import { keptDepartments } from '../src/row-history/departments.ts';
import { topicsOf } from '../src/row-history/history-folds.ts';
import { historyFolder, readHistory } from '../src/row-history/history-manifest.ts';
import { kpiFolder } from '../src/saved/folders.ts';
import { readSqlFiles } from '../src/saved/sql-file.ts';

// A whole company lives through it first.
jest.setTimeout(120_000);

const departments = keptDepartments();

/** What a company of all departments recorded, with every fault that the seed brings, in whole milliseconds as a real log has it. */
async function historyOf(seed: number): Promise<LogReader> {
  let log: LogReader | undefined;
  const keep = { id: 'keep', promise: '', check: (evidence: { log: LogReader }) => Promise.resolve(((log = evidence.log), [])) };
  await runWorld({ seed, orders: 60, invariants: [keep], stepInvariants: [] });
  const found = log;
  if (!found) throw new Error(`world ${seed} came to no end`);
  return {
    bounds: (topic) => found.bounds(topic),
    read: async function* (target, from, to) {
      for await (const records of found.read(target, from, to))
        yield records.map((record) => ({ ...record, timestamp: Math.floor(record.timestamp) }));
    },
  };
}

/** The views say in SQL what the departments say in their own code: orders that were stopped, edited, refunded and came late among them. */
describe.each([6, 10])('what the views say of the company of seed %i', (seed) => {
  let lake: string;
  let session: QuerySession;

  beforeAll(async () => {
    lake = mkdtempSync(join(tmpdir(), 'lake-agree-'));
    const log = await historyOf(seed);
    await exportLog(lake, log as EventLog, topicsOf(departments));
    const folder = join(lake, historyFolder);
    await buildRowHistory({ log, folder, lake, departments, until: Date.parse('2030-01-01T00:00:00Z') });
    session = await QuerySession.open({ lake, scratch: join(lake, '.scratch') }, defaultQueryLimits);
  });

  afterAll(() => {
    session.connection.closeSync();
    rmSync(lake, { recursive: true });
  });

  async function asked(sql: string): Promise<readonly unknown[]> {
    const recorded = new Date(readHistory(join(lake, historyFolder)).progress?.upTo ?? 0).toISOString();
    return session.read(async () => (await session.connection.runAndReadAll(sql)).getRowsJson(), { recorded });
  }

  it('of orders, is what order intake says', async () => {
    const both = 'orders AS o FULL JOIN as_of.order_intake_order_summary AS s USING (tenant, order_id)';
    expect(await asked(`SELECT count(*) > 50 FROM ${both}`)).toEqual([[true]]);
    // The view has steps between confirmed and completed that order intake tells apart by its column for shipping.
    const status = "CASE WHEN o.status IN ('shipped', 'partly shipped') THEN s.status ELSE o.status END";
    const other = `o.total <> s.total OR o.received <> s.received OR o.refunded <> s.refunded OR ${status} <> s.status
      OR (o.shipped_at IS NOT NULL) <> (s.shipping = 'shipped') OR (o.paid_at IS NOT NULL AND s.payment = 'unpaid')`;
    expect(
      await asked(`SELECT order_id, o.status, s.status FROM ${both} WHERE o.channel IS NULL OR s.channel IS NULL OR ${other}`),
    ).toEqual([]);
  });

  it('of stock, is what inventory says', async () => {
    const moved = '(SELECT tenant, item, location, sum(quantity) AS quantity FROM stock_movements GROUP BY ALL)';
    const both = `${moved} FULL JOIN as_of.inventory_stock_level USING (tenant, item, location)`;
    expect(await asked(`SELECT item, quantity, on_hand FROM ${both} WHERE coalesce(quantity, 0) <> coalesce(on_hand, 0)`)).toEqual([]);
  });

  it('of sales and cost, is what the ledger says', async () => {
    const margin = readSqlFiles(kpiFolder).find(({ name }) => name === 'gross-margin')?.sql ?? '';
    const figures = await asked(`SELECT tenant, currency, sum(sales) AS sales, round(sum(cost), 2) AS cost FROM (${margin}) GROUP BY ALL`);
    const lines = `SELECT tenant, currency, -sum(amount) FILTER (WHERE account = '4000'), sum(amount) FILTER (WHERE account = '5000') FROM journal_lines`;
    const numbers = (rows: readonly unknown[]) => rows.map((row) => (row as readonly string[]).map((cell) => Number(cell) || cell));
    expect(figures).toHaveLength(1);
    expect(numbers(figures)).toEqual(numbers(await asked(`${lines} GROUP BY ALL`)));
  });
});
