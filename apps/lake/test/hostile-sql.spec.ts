import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';

import type { DuckDBConnection } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { defaultQueryLimits } from '../src/query/limits.ts';
import { assertReadOnly, openLockedDatabase } from '../src/query/locked-database.ts';
import { QueryProcess } from '../src/query/query-runner.ts';
import { ask } from '../src/testing/ask.ts';
import { lakeOfCompletedOrders } from '../src/testing/completed-orders.ts';
import type { SampleLake } from '../src/testing/lake-in-memory.ts';

// Each question starts a process; a busy machine takes its time.
jest.setTimeout(120_000);

let lake: SampleLake;
let scratch: string;
let secret: string;
let connection: DuckDBConnection;

beforeAll(async () => {
  lake = await lakeOfCompletedOrders();
  scratch = mkdtempSync(join(tmpdir(), 'lake-hostile-'));
  secret = join(scratch, 'secret.csv');
  writeFileSync(secret, 'a,b\n1,2\n');
  const own = mkdtempSync(join(scratch, 'own-'));
  connection = await openLockedDatabase({ lake: lake.folder, scratch: own }, defaultQueryLimits);
});

afterAll(async () => {
  connection.closeSync();
  rmSync(scratch, { recursive: true });
  await lake.remove();
});

/** As a query process does: checked first, run only then. */
async function attempt(sql: string): Promise<void> {
  await assertReadOnly(connection, sql, 'shown');
  await connection.runAndReadAll(sql);
}

describe('SQL that is none of a reader’s business', () => {
  const writes = [
    "COPY (SELECT 1) TO '$LAKE/topic=orders/p=000/x.parquet'",
    "COPY (SELECT 1) TO '$LAKE/evil.csv' (FORMAT csv)",
    'CREATE TABLE t AS SELECT 1',
    'CREATE OR REPLACE VIEW orders AS SELECT 1',
    'DROP VIEW events',
    'INSERT INTO t VALUES (1)',
    'UPDATE t SET a = 1',
    'DELETE FROM t',
    "EXPORT DATABASE '$LAKE/all'",
    "ATTACH '$LAKE/new.db'",
    'CREATE MACRO f() AS 1',
    'CREATE SECRET s (TYPE s3)',
    'CHECKPOINT',
    'VACUUM',
    'BEGIN',
    'PREPARE p AS SELECT 1',
    'CALL pragma_version()',
    'SELECT 1; SELECT 2',
    "SELECT 1; COPY (SELECT 1) TO '$LAKE/evil.csv'",
    "-- nothing\n; COPY (SELECT 1) TO '$LAKE/evil.csv'",
    '',
  ];
  const functions = [
    "FROM enable_profiling(format := 'json', save_location := '$LAKE/evil.json')",
    "FROM enable_logging(storage := 'file', storage_path := '$LAKE/evil')",
    'FROM checkpoint()',
    'SELECT * FROM (SELECT 1), LATERAL (FROM enable_profiling())',
    'FROM arrow_scan(1::POINTER, 2::POINTER, 3::POINTER)',
    "FROM json_execute_serialized_sql(json_serialize_sql('FROM enable_logging()'))",
    "FROM query('FROM enable_logging()')",
  ];
  const settings = [
    "SET memory_limit = '100GB'",
    'SET enable_external_access = true',
    'SET lock_configuration = false',
    "SET allowed_directories = ['/']",
    'RESET memory_limit',
    "PRAGMA memory_limit = '100GB'",
    "SET VARIABLE x = 1; SELECT getvariable('x')",
  ];
  const elsewhere = [
    "SELECT * FROM read_csv('$SECRET')",
    "SELECT * FROM read_text('$SECRET')",
    "SELECT * FROM read_blob('/proc/self/environ')",
    "SELECT * FROM '$SECRET'",
    "SELECT * FROM read_parquet('$LAKE/../*/*.parquet')",
    "SELECT * FROM read_csv('$LAKE/../../etc/passwd')",
    "SELECT * FROM glob('/etc/*')",
    "SELECT * FROM read_csv('https://example.com/x.csv')",
    "SELECT * FROM read_parquet('s3://bucket/x.parquet')",
    "SELECT * FROM sniff_csv('$SECRET')",
    "FROM query('SELECT * FROM read_csv(''$SECRET'')')",
  ];
  const extensions = [
    'INSTALL httpfs',
    'LOAD httpfs',
    "INSTALL 'x' FROM community",
    "LOAD '$SECRET'",
    'FORCE INSTALL postgres',
    'UPDATE EXTENSIONS',
  ];

  it.each([...writes, ...functions, ...settings, ...elsewhere, ...extensions])('is refused: %s', async (text) => {
    const sql = text.replaceAll('$LAKE', lake.folder).replaceAll('$SECRET', secret);
    await expect(attempt(sql)).rejects.toThrow();
    expect(readdirSync(lake.folder).filter((name) => /evil|all|new/.test(name))).toEqual([]);
  });

  it.each([
    'SELECT 1',
    'FROM duckdb_views() LIMIT 1',
    'EXPLAIN SELECT 1',
    'WITH a AS (SELECT 1) SELECT * FROM a;',
    "SELECT * FROM read_parquet('$LAKE/topic=orders/p=000/*.parquet')",
  ])('does not hinder a reader: %s', async (sql) => {
    await attempt(sql.replaceAll('$LAKE', lake.folder));
  });
});

describe('a query process', () => {
  it('answers, and says up to when its answer is true', async () => {
    const { table, rows, cutOff, freshness } = await ask(
      lake.folder,
      'SELECT count(*) AS n, min(recorded_at) AS first FROM order_completed',
    );
    expect(table).toEqual([{ n: 50, first: '2026-03-01 08:00:00+00' }]);
    expect({ rows, cutOff, freshness }).toEqual({
      rows: 1,
      cutOff: false,
      freshness: { files: 1, recordedUpTo: '2026-03-01T08:00:49.000000Z' },
    });
  });

  it('is ended when it takes too long', async () => {
    const endless = 'SELECT count(*) FROM range(1000000000) AS a(x), range(1000000) AS b(y) WHERE x + y = 7';
    await expect(ask(lake.folder, endless, { seconds: 1 })).rejects.toMatchObject({ code: 'lake/query-overran' });
  });

  it('is ended when it takes too much memory', async () => {
    const greedy = "SELECT string_agg(repeat('x', 1000) || i, ',') FROM range(3000000) AS t(i)";
    await expect(ask(lake.folder, greedy, { memoryMb: 150 })).rejects.toMatchObject({ code: 'lake/query-overran' });
  });

  it('is stopped by whoever asked', async () => {
    const stop = new AbortController();
    setTimeout(() => stop.abort(), 300);
    const endless = 'SELECT count(*) FROM range(1000000000) AS a(x), range(1000000) AS b(y) WHERE x + y = 7';
    await expect(ask(lake.folder, endless, {}, { signal: stop.signal })).rejects.toThrow('The query was stopped.');
  });

  it('stops also when it was not begun yet', async () => {
    await expect(ask(lake.folder, 'SELECT 1', {}, { signal: AbortSignal.abort() })).rejects.toThrow('The query was stopped.');
  });

  it('gives no more rows than it may, and says so', async () => {
    expect(await ask(lake.folder, 'SELECT off FROM events ORDER BY off', { rows: 3 })).toMatchObject({
      rows: 3,
      cutOff: true,
      table: [{ off: 0 }, { off: 1 }, { off: 2 }],
    });
  });

  const long = 'FROM range(100000000) AS t(i)';

  it.each(['json', 'csv', 'arrow'] as const)('fails as %s when it fails after a part of its rows', async (format) => {
    const late = `SELECT CASE WHEN i = 2500000 THEN error('too late') ELSE i END AS n ${long}`;
    const asked = QueryProcess.start(lake.folder, { ...defaultQueryLimits, rows: 1e9 }).ask({ sql: late, format });
    const [{ reason }] = (await Promise.allSettled([asked.done, buffer(asked.bytes)])) as [PromiseRejectedResult, unknown];
    expect(reason).toMatchObject({ code: 'lake/query-failed', message: expect.stringContaining('too late') });
  });

  it('does not take for an answer what came until its time was over', async () => {
    const asked = QueryProcess.start(lake.folder, { ...defaultQueryLimits, rows: 1e9, seconds: 2 }).ask({
      sql: `SELECT i ${long}`,
      format: 'csv',
    });
    const [{ reason }] = (await Promise.allSettled([asked.done, buffer(asked.bytes)])) as [PromiseRejectedResult, unknown];
    expect(reason).toMatchObject({ code: 'lake/query-overran', message: expect.stringContaining('stopped after 2 s') });
  });

  it('says which value is missing, and that one is too many', async () => {
    const put = (values: Readonly<Record<string, string>>) => {
      const asked = QueryProcess.start(lake.folder, defaultQueryLimits).ask({ sql: 'SELECT $one AS one', format: 'csv', values });
      asked.bytes.resume();
      return asked.done;
    };
    await expect(put({})).rejects.toThrow('takes a value for one');
    await expect(put({ one: '1', two: '2' })).rejects.toThrow('a name that the statement does not have');
  });

  it('reads no statement without an end', () => {
    const asked = () => QueryProcess.start(lake.folder, defaultQueryLimits).ask({ sql: ' '.repeat(2_000_000), format: 'csv' });
    expect(asked).toThrow('at most 1000000 characters');
  });

  it('draws no table that nobody could read', async () => {
    const { done, bytes } = QueryProcess.start(lake.folder, defaultQueryLimits).ask({ sql: `FROM range(200000)`, format: 'table' });
    bytes.resume();
    await expect(done).rejects.toThrow('A table for people has at most 50000 rows');
  });

  it('says that nothing was asked', async () => {
    await expect(ask(lake.folder, ' -- nothing')).rejects.toThrow('There is no statement');
  });

  it('refuses in words what it may not', async () => {
    await expect(ask(lake.folder, "COPY events TO '/tmp/x.csv'")).rejects.toMatchObject({ code: 'lake/query-refused' });
  });
});
