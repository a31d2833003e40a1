import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

import { DuckDBInstance } from '@duckdb/node-api';
import { inMemoryStore, rebuild, type Cell, type Row } from '@instep/department';
import { cutAt, endOfLog, type Cut, type EventLog, type LogReader } from '@instep/event-log';
import { runWorld } from '@instep/simulation';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { exportOnce } from '../src/export/exporter.ts';
import { defaultLimits } from '../src/export/limits.ts';
import { readManifest } from '../src/manifest/manifest-file.ts';
import { openForWriting } from '../src/open-for-writing.ts';
import { defaultQueryLimits } from '../src/query/limits.ts';
import { allVersionsSql, asOfSql } from '../src/row-history/as-of.ts';
import { asOfViews } from '../src/row-history/as-of-views.ts';
import { buildRowHistory } from '../src/row-history/build-row-history.ts';
import { keptDepartments } from '../src/row-history/departments.ts';
import { topicsOf } from '../src/row-history/history-folds.ts';
import { historyFolder, historyManifestPath, readHistory } from '../src/row-history/history-manifest.ts';
import { viewNameOf, type HistoryTable } from '../src/row-history/history-table.ts';
import { parquetFiles } from '../src/row-history/version-stage.ts';
import { foldHappenedBy } from '../src/row-history/happened-by.ts';
import { lakeServer, type Serving } from '../src/serve/lake-server.ts';
import { ask } from '../src/testing/ask.ts';
import { verifyLake } from '../src/verify/verify-lake.ts';

// A whole company lives through it first.
jest.setTimeout(120_000);

const lake = mkdtempSync(join(tmpdir(), 'lake-rows-'));
const whole = join(lake, historyFolder);
const program = fileURLToPath(new URL('../src/testing/fold-lake.ts', import.meta.url));
const departments = keptDepartments();
const far = Date.parse('2030-01-01T00:00:00Z');

afterAll(() => rmSync(lake, { recursive: true }));

/** What a company of all departments recorded, with every fault that the seed brings. */
async function historyOf(seed: number): Promise<LogReader> {
  let log: LogReader | undefined;
  const keep = { id: 'keep', promise: '', check: (evidence: { log: LogReader }) => Promise.resolve(((log = evidence.log), [])) };
  await runWorld({ seed, orders: 24, invariants: [keep], stepInvariants: [] });
  if (!log) throw new Error(`world ${seed} came to no end`);
  return inWholeMilliseconds(log);
}

/** As a real log has it; the clock of a simulated one is finer. */
function inWholeMilliseconds(log: LogReader): LogReader {
  return {
    bounds: (topic) => log.bounds(topic),
    read: async function* (target, from, to) {
      for await (const records of log.read(target, from, to))
        yield records.map((record) => ({ ...record, timestamp: Math.floor(record.timestamp) }));
    },
  };
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

function canonical(type: string, cell: Cell | undefined): Cell {
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

async function asOf(at: number, folder = whole): Promise<ReadonlyMap<string, Rows>> {
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

async function cutAtMoment(at: number, folder = whole): Promise<Cut> {
  const order = parquetFiles(folder, readHistory(folder).filesOf({ department: '', table: '' }));
  const rows = await query(
    `SELECT topic, p, max(off) + 1 AS next FROM ${order} WHERE known_at <= make_timestamptz(${at} * 1000) GROUP BY ALL`,
  );
  return new Map(rows.map(({ topic, p, next }) => [`${String(topic)}/${String(p)}`, Number(next)]));
}

/** The lake of this log, without a row history. */
async function exportLake(log: LogReader): Promise<void> {
  const { writer, database, close } = await openForWriting(lake, undefined);
  try {
    const topics = topicsOf(departments);
    await exportOnce({ log: log as EventLog, folder: lake, writer, database, limits: defaultLimits, onFile: () => undefined }, topics);
  } finally {
    await close();
  }
}

/** Folds in a process that is killed after it has committed something more, at a moment that nobody chose; true when it came to its end. */
async function foldAndKill(folder: string): Promise<boolean> {
  const before = sizeOf(historyManifestPath(folder));
  const child = spawn(process.execPath, ['--conditions=instep-source', program, lake, folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'close') as Promise<[number | null]>;
  const deadline = Date.now() + 20_000;
  while (child.exitCode === null && sizeOf(historyManifestPath(folder)) === before && Date.now() < deadline) await pause(2);
  await pause(Math.random() * 150);
  child.kill('SIGKILL');
  return (await ended)[0] === 0;
}

function sizeOf(path: string): number {
  return existsSync(path) ? statSync(path).size : 0;
}

/** Every version of every row, with its number and what made it. */
async function versionsIn(folder: string): Promise<ReadonlyMap<string, readonly unknown[]>> {
  const manifest = readHistory(folder);
  const found = new Map<string, readonly unknown[]>();
  for (const table of manifest.tables) {
    const sql = allVersionsSql(manifest, table, folder);
    found.set(viewNameOf(table), sql === undefined ? [] : await query(`SELECT * FROM (${sql}) ORDER BY _n`));
  }
  return found;
}

describe('the history of rows', () => {
  let log: LogReader;
  let moments: readonly number[];
  const moment = (share: number): number => moments[Math.floor((moments.length - 1) * share)] ?? 0;
  const text = (at: number): string => new Date(at).toISOString();

  beforeAll(async () => {
    log = await historyOf(22);
    await exportLake(log);
    const { records } = await buildRowHistory({ log, folder: whole, lake, departments, until: far, segment: 300 });
    expect(records).toBe([...(await endOfLog(log, topicsOf(departments))).values()].reduce((sum, next) => sum + next, 0));
    const order = parquetFiles(whole, readHistory(whole).filesOf({ department: '', table: '' }));
    moments = (await query(`SELECT DISTINCT epoch_ms(known_at) AS at FROM ${order} ORDER BY 1`)).map(({ at }) => Number(at));
  });

  it('is at every moment what a rebuild has that stops there, row for row, in every table of every department', async () => {
    for (const share of [0.15, 0.4, 0.65, 0.9, 1]) {
      const [kept, rebuilt] = [await asOf(moment(share)), await rebuiltAt(log, await cutAtMoment(moment(share)))];
      for (const [name, rows] of rebuilt) expect([share, name, kept.get(name)]).toEqual([share, name, rows]);
    }
  });

  it('holds each version once after it was killed again and again, and its state was lost', async () => {
    const killed = join(lake, '.killed');
    for (let times = 0; times < 2; times += 1) await foldAndKill(killed);
    rmSync(join(killed, 'state.sqlite'));
    expect(readHistory(killed).progress?.records).toBeGreaterThan(0);
    await buildRowHistory({ log, folder: killed, lake, departments, until: far });
    expect(await versionsIn(killed)).toEqual(await versionsIn(whole));
  });

  it('does not change an answer when something older comes late', async () => {
    const late = join(lake, '.late');
    // What orders said is away at first, so all that came of it waits as well.
    const early = cutAt(
      log,
      new Map([...(await endOfLog(log, topicsOf(departments)))].map(([name, next]) => [name, name.startsWith('orders/') ? 3 : next])),
    );
    await buildRowHistory({ log: early, folder: late, lake, departments, until: moment(0.6) });
    const before = await asOf(moment(0.5), late);
    await buildRowHistory({ log, folder: late, lake, departments, until: far });
    expect(await asOf(moment(0.5), late)).toEqual(before);
    expect(await asOf(far, late)).toEqual(await asOf(far));
    const cut = await cutAtMoment(moment(0.8), late);
    expect(await asOf(moment(0.8), late)).toEqual(await rebuiltAt(log, cut));
  });

  it('hides who the customers are, unless it is said why', async () => {
    const customers = 'SELECT count(*) AS all, count(personal) AS known FROM history.crm_customer';
    const asOf = { recorded: new Date(readHistory(whole).progress?.upTo ?? 0).toISOString() };
    const [hidden] = (await ask(lake, customers, {}, { asOf })).table;
    const [shown] = (await ask(lake, customers, { personal: 'shown' }, { asOf })).table;
    expect(hidden).toEqual({ all: shown?.['all'], known: 0 });
    expect(shown?.['known']).toBeGreaterThan(0);
  });

  it('hides what people are paid, unless it is said why', async () => {
    const pay = `SELECT count(salary) + count(commission_rate) AS terms, (SELECT count(lines) FROM as_of.hr_payroll_run) AS runs,
      (SELECT count(amount) + count(total) + count(rate) FROM history.hr_commission_entry) AS commissions FROM as_of.hr_employee`;
    const asOf = { recorded: text(moment(0.9)) };
    expect((await ask(lake, pay, {}, { asOf })).table).toEqual([{ terms: 0, runs: 0, commissions: 0 }]);
    const [shown] = (await ask(lake, pay, { personal: 'shown' }, { asOf })).table;
    expect(shown?.['terms']).toBeGreaterThan(0);
    expect(shown?.['commissions']).toBeGreaterThan(0);
  });

  it('is asked in SQL, and says which moment it shows', async () => {
    const at = text(moment(0.5));
    const { table, freshness } = await ask(
      lake,
      'SELECT count(*) AS n, sum(amount) AS total FROM as_of.finance_journal_line',
      {},
      { asOf: { recorded: at } },
    );
    expect(freshness.asOf).toBe(at);
    expect(table).toEqual([{ n: (await asOf(moment(0.5))).get('finance_journal_line')?.size, total: '0' }]);
  });

  it('is asked over HTTP', async () => {
    const happenedBy: Serving['happenedBy'] = (asked, signal) => foldHappenedBy(lake, asked, { log, signal });
    const server = lakeServer({ lake, limits: defaultQueryLimits, atOnce: 1, hosts: new Set(['127.0.0.1']), happenedBy });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const get = (path: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/as-of${path}`);
    try {
      const rows = await get(`/inventory/stock_level?recorded=${text(moment(0.5))}`);
      const found = (await rows.json()) as { on_hand: number }[];
      expect(rows.headers.get('as-of')).toBe(text(moment(0.5)));
      expect([rows.status, found.length]).toEqual([200, (await asOf(moment(0.5))).get('inventory_stock_level')?.size]);
      expect(await (await get('')).json()).toContainEqual({ department: 'inventory', table: 'stock_level' });
      const before = await get(`/inventory/stock_level?recorded=2001-01-01`);
      expect([before.status, await before.json()]).toMatchObject([400, { code: 'lake/outside-history' }]);
      expect((await get('/inventory/stocks')).status).toBe(400);
      expect((await get('/inventory/stock_level?occurred=Friday')).status).toBe(400);
      const lines = (await (await get(`/finance/journal_line?occurred=${text(moment(0.5))}`)).json()) as unknown[];
      const all = (await (await get('/finance/journal_line')).json()) as unknown[];
      expect(lines.length).toBeGreaterThan(0);
      expect(lines.length).toBeLessThan(all.length);
      expect(readdirSync(lake).filter((name) => name.startsWith('.happened-by'))).toEqual([]);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it('says in a sentence what it cannot show', async () => {
    const asked = (recorded: string) => () => asOfViews(readHistory(whole), lake, { recorded });
    expect(asked(text((moments[0] ?? 0) - 1))).toThrow(`the first event was recorded at ${text(moments[0] ?? 0)}`);
    expect(asked(text(far + 1))).toThrow('The row history goes up to 2030-01-01');
    expect(asked('Friday')).toThrow('"Friday" is no moment');
    expect(() => asOfViews(readHistory(join(lake, 'nowhere')), lake, { recorded: text(far) })).toThrow('There is no row history in');
  });

  it('of what had happened by then holds nothing that happened later', async () => {
    const happened = join(lake, '.happened');
    await buildRowHistory({ log, folder: happened, lake, departments, until: far, occurredUntil: moment(0.5) });
    const lines = (await asOf(far, happened)).get('finance_journal_line');
    const [counted] = await query(
      `SELECT count(*) FILTER (WHERE _occurred_at <= make_timestamptz(${moment(0.5)} * 1000)) AS n, count(*) AS all_lines
       FROM ${parquetFiles(whole, readHistory(whole).filesOf({ department: 'finance', table: 'journal_line' }))}`,
    );
    expect(lines?.size).toBe(Number(counted?.['n']));
    expect(lines?.size).toBeLessThan(Number(counted?.['all_lines']));
  });

  it('of which a file is damaged or missing is named, and answers nothing', async () => {
    const [file] = readHistory(whole).filesOf({ department: 'inventory', table: 'stock_level' });
    const path = join(whole, file?.path ?? '');
    const bytes = readFileSync(path);
    writeFileSync(path, bytes.with(100, (bytes[100] ?? 0) ^ 1));
    const named = async () => (await verifyLake({ folder: lake, manifest: readManifest(lake) })).findings;
    expect(await named()).toEqual([
      { code: 'damaged-file', kind: 'wrong', sentence: expect.stringContaining(`row-history/${file?.path}`) },
    ]);
    rmSync(path);
    expect(await named()).toMatchObject([{ code: 'missing-file' }]);
    await expect(ask(lake, 'SELECT 1', {}, { asOf: { recorded: text(moment(0.5)) } })).rejects.toThrow(
      `${file?.path} of the row history is missing`,
    );
    writeFileSync(path, bytes);
    expect(await named()).toEqual([]);
  });
});
