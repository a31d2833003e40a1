import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { DuckDBInstance } from '@duckdb/node-api';
import { inMemoryStore, rebuild, type Row } from '@instep/department';
import { cutAt, endOfLog, type Cut, type LogReader } from '@instep/event-log';
import { runWorld } from '@instep/simulation';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { asOfSql } from '../src/row-history/as-of.ts';
import { buildRowHistory } from '../src/row-history/build-row-history.ts';
import { keptDepartments } from '../src/row-history/departments.ts';
import { topicsOf } from '../src/row-history/history-folds.ts';
import { readHistory } from '../src/row-history/history-manifest.ts';
import { viewNameOf, type HistoryTable } from '../src/row-history/history-table.ts';
import { parquetFiles } from '../src/row-history/version-stage.ts';

// A whole company lives through it first.
jest.setTimeout(120_000);

const folder = mkdtempSync(join(tmpdir(), 'lake-rows-'));
const departments = keptDepartments();
const far = Date.parse('2030-01-01T00:00:00Z');

afterAll(() => rmSync(folder, { recursive: true }));

/** What a company of all departments recorded, with every fault that the seed brings. */
async function historyOf(seed: number): Promise<LogReader> {
  let log: LogReader | undefined;
  const keep = { id: 'keep', promise: '', check: (evidence: { log: LogReader }) => Promise.resolve(((log = evidence.log), [])) };
  await runWorld({ seed, orders: 30, invariants: [keep], stepInvariants: [] });
  if (!log) throw new Error(`world ${seed} came to no end`);
  return log;
}

type Rows = ReadonlyMap<string, string>;

/** The rows of every table of every department that a rebuild has which stops at the cut. */
async function rebuiltAt(log: LogReader, cut: Cut): Promise<ReadonlyMap<string, Rows>> {
  const found = new Map<string, Rows>();
  for (const { definition, tables } of departments) {
    const store = inMemoryStore({ tables: definition.projections.map(({ table }) => table) });
    const short = cutAt(log, cut);
    const ends = [];
    for (const topic of definition.topics)
      for (const { partition, next } of await short.bounds(topic)) ends.push({ topic, partition, nextOffset: next });
    await rebuild({ definition, log: short, store }).advance(ends);
    for (const table of tables) found.set(viewNameOf(table), byKey(table, store.rows(table.table)));
  }
  return found;
}

function byKey({ columns }: HistoryTable, rows: readonly Row[]): Rows {
  return new Map(
    rows.map((row) => [
      columns
        .filter(({ key }) => key)
        .map(({ property }) => String(row[property]))
        .join('/'),
      JSON.stringify(columns.map(({ property, name, type }) => [name, canonical(type, row[property])])),
    ]),
  );
}

function canonical(type: string, cell: unknown): unknown {
  if (cell === null || cell === undefined) return null;
  if (type === 'numeric')
    return String(cell)
      .replace(/(\.\d*?)0+$/, '$1')
      .replace(/\.$/, '');
  return type === 'timestamptz' ? new Date(String(cell)).toISOString() : cell;
}

async function query(sql: string): Promise<readonly Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(':memory:');
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return (await connection.runAndReadAll(sql)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function asOf(at: number): Promise<ReadonlyMap<string, Rows>> {
  const manifest = readHistory(folder);
  const found = new Map<string, Rows>();
  for (const table of manifest.tables) {
    const rows = await query(asOfSql(manifest, table, at, folder));
    const properties = rows.map((row) =>
      Object.fromEntries(table.columns.map(({ name, property, type }) => [property, typed(type, row[name])])),
    );
    found.set(viewNameOf(table), byKey(table, properties as Row[]));
  }
  return found;
}

function typed(type: string, cell: unknown): unknown {
  return type === 'integer' && cell !== null ? Number(cell) : cell;
}

async function cutAtMoment(at: number): Promise<Cut> {
  const order = parquetFiles(folder, readHistory(folder).filesOf({ department: '', table: '' }));
  const rows = await query(
    `SELECT topic, p, max(off) + 1 AS next FROM ${order} WHERE known_at <= make_timestamptz(${at} * 1000) GROUP BY ALL`,
  );
  return new Map(rows.map(({ topic, p, next }) => [`${String(topic)}/${String(p)}`, Number(next)]));
}

describe('the history of rows', () => {
  let log: LogReader;
  let moments: readonly number[];

  beforeAll(async () => {
    log = await historyOf(16);
    const built = await buildRowHistory({ log, folder, lake: folder, departments, until: far, segment: 300 });
    const all0 = [...(await endOfLog(log, topicsOf(departments))).values()].reduce((sum, next) => sum + next, 0);
    expect(built.records).toBe(all0);
    const order = parquetFiles(folder, readHistory(folder).filesOf({ department: '', table: '' }));
    const all = await query(`SELECT DISTINCT epoch_ms(known_at) AS at FROM ${order} ORDER BY 1`);
    moments = all.map(({ at }) => Number(at));
  });

  it('is at every moment what a rebuild has that stops there, row for row, in every table of every department', async () => {
    for (const share of [0.07, 0.2, 0.34, 0.5, 0.63, 0.77, 0.9, 1]) {
      const at = moments[Math.floor((moments.length - 1) * share)] ?? 0;
      const [kept, rebuilt] = [await asOf(at), await rebuiltAt(log, await cutAtMoment(at))];
      for (const [name, rows] of rebuilt) expect([share, name, kept.get(name)]).toEqual([share, name, rows]);
    }
  });
});
