import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';

import { encodeEvent, events, findEvent, recordKey } from '@instep/contracts';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { recordReveal } from '../src/personal/reveals.ts';
import { hiddenFields } from '../src/personal/hidden-fields.ts';
import { describeLake } from '../src/iceberg/describe-lake.ts';
import { Manifest } from '../src/manifest/manifest.ts';
import { readManifest } from '../src/manifest/manifest-file.ts';
import { defaultQueryLimits } from '../src/query/limits.ts';
import { assertReadOnly } from '../src/query/locked-database.ts';
import { QuerySession } from '../src/query/query-session.ts';
import { lakeServer } from '../src/serve/lake-server.ts';
import { savedQueries } from '../src/saved/folders.ts';
import { readSqlFiles } from '../src/saved/sql-file.ts';
import { ask } from '../src/testing/ask.ts';
import { sampleLake, type SampleLake } from '../src/testing/lake-in-memory.ts';
import { sampleEvent } from '../src/testing/sample-records.ts';
import { storyTeller } from '../src/testing/sample-story.ts';
import { lakeViews } from '../src/views/lake-views.ts';

// Each question starts a process; a busy machine takes its time.
jest.setTimeout(120_000);

/** Stands in every place where a person may. */
const planted = 'planted-7f3a9c@example.com';
/** Is what somebody earns. */
const pay = '98765.43';
const personal = { name: planted, email: planted, phone: planted };
const contact = { subject: 'sub_1', email: 'hash', phone: null, channelCustomerId: '7' };

let lake: SampleLake;
let scratch: string;
let session: QuerySession;

beforeAll(async () => {
  lake = sampleLake({ orders: 1, customers: 1, people: 1, payroll: 1, 'raw.shopify': 1, 'dead-letters.crm': 1 });
  const placedAt = Date.UTC(2026, 2, 2, 9);
  const told = storyTeller({ orderId: 'one', placedAt });
  told('customer.registered', 'c1', 0, {
    ...{ customerId: 'c1', identities: ['hash'], channelCustomers: [], personal, knownAt: new Date(placedAt).toISOString() },
    tags: [],
  } as never);
  const terms = { employeeId: 'e1', salary: pay, commissionRate: pay, personal: { name: planted, email: planted } };
  told('employee.hired', 'e1', 0, terms as never);
  told('employee.changed', 'e1', 0, terms as never);
  told('commission.earned', 'one', 0, { employeeId: 'e1', amount: pay, total: pay, rate: pay, base: '20' } as never);
  const run = { runId: 'r1', salaries: '300', commissions: '1', total: '301', lines: [{ employeeId: 'e1', salary: pay, commission: pay }] };
  told('payroll.calculated', 'r1', 0, run as never);
  told('payroll.approved', 'r1', 0, run as never);
  told('order.amended', 'one', 0, { orderId: 'one', head: { number: '#1', customer: contact, personal }, content: null } as never);
  told('webhook.received', 'shopify/one', 0, {
    ...{ connection: 'sample', vendor: 'shopify', topic: 'orders/create', webhookId: null, eventId: null, apiVersion: null },
    ...{ shopDomain: null, triggeredAt: null, receivedAt: new Date(placedAt).toISOString(), body: planted },
  });
  const parked = { topic: 'raw.shopify', partition: 0, offset: 0, key: 'demo/one', type: null, value: planted };
  told('crm.dead-letter', 'demo/one', 0, { ...parked, code: 'contract/not-an-event', reason: `"${planted}" is not valid JSON` });
  told('crm.redriven', 'demo/one', 0, { ...parked, note: `wrote to ${planted}` });
  const unknown = sampleEvent(1, { type: 'order.blessed', dataschema: 'order.blessed/1', data: { by: planted } });
  for (const { topic, record } of told.records()) await lake.append(topic, 0, [record]);
  await lake.append('orders', 0, [
    { key: recordKey('demo', 'one'), type: 'order.blessed', sequence: undefined, value: Buffer.from(encodeEvent(unknown)) },
    { key: 'demo/one', type: 'none', sequence: undefined, value: Buffer.from(`no event, but ${planted}`) },
  ]);
  await lake.export();
  scratch = mkdtempSync(join(tmpdir(), 'lake-personal-'));
  session = await QuerySession.open({ lake: lake.folder, scratch }, defaultQueryLimits);
});

afterAll(async () => {
  session.connection.closeSync();
  rmSync(scratch, { recursive: true });
  await lake.remove();
});

const views = lakeViews(new Manifest(), (path) => path).map(({ name }) => name);

describe('personal data', () => {
  it.each(views)('is hidden in %s, whatever is selected', async (view) => {
    const read = await session.connection.runAndReadAll(`SELECT * FROM ${view}`);
    const text = JSON.stringify(read.getRowsJson());
    expect(text).not.toContain(planted);
    expect(text).not.toContain(pay);
  });

  it('is what one person earns too, and not the sum of all', async () => {
    const asked = "SELECT type, data FROM events WHERE topic IN ('people', 'payroll')";
    const { table } = await ask(lake.folder, asked, { personal: 'shown' });
    const holding = table.filter(({ data }) => JSON.stringify(data).includes(pay)).map(({ type }) => type);
    expect(holding.sort()).toEqual(['commission.earned', 'employee.changed', 'employee.hired', 'payroll.approved', 'payroll.calculated']);
    const sums = await ask(lake.folder, 'SELECT salaries, commissions, total FROM payroll_approved');
    expect(sums.table).toEqual([{ salaries: '300', commissions: '1', total: '301' }]);
  });

  it.each([
    ['hidden', []],
    ['shown', ['e1 98765.43']],
  ] as const)('is in payslips only where it is shown: %s', async (limit, slips) => {
    const query = readSqlFiles(savedQueries).find(({ name }) => name === 'payslips');
    const { table } = await ask(lake.folder, query?.sql ?? '', { personal: limit });
    expect(table.map((row) => `${String(row['employee_id'])} ${String(row['salary'])}`)).toEqual(slips);
  });

  it('was there to be hidden', async () => {
    const shown = { personal: 'shown' } as const;
    const { table } = await ask(lake.folder, 'SELECT type, data FROM events', shown);
    const holding = table.filter(({ data }) => JSON.stringify(data).includes(planted)).map(({ type }) => type);
    expect(holding.sort()).toEqual([
      ...['crm.dead-letter', 'crm.redriven', 'customer.registered', 'employee.changed', 'employee.hired', 'order.amended', 'order.blessed'],
      'webhook.received',
    ]);
    const hidden = await ask(lake.folder, "SELECT data ->> '$.head.number' AS number FROM events WHERE type = 'order.amended'");
    expect(hidden.table).toEqual([{ number: '#1' }]);
  });

  it.each([
    "SELECT * FROM read_parquet('$LAKE/topic=orders/p=000/*.parquet')",
    "SELECT * FROM '$LAKE/topic=orders/p=000/000000000000-000000000002.parquet'",
    "SELECT * FROM parquet_metadata('$LAKE/topic=orders/p=000/000000000000-000000000002.parquet')",
    "SELECT * FROM query('SELECT * FROM read_parquet(''$LAKE/topic=orders/p=000/*.parquet'')')",
    "SELECT (SELECT count(*) FROM read_blob('$LAKE/topic=orders/p=000/*.parquet'))",
    "WITH a AS (FROM read_text('$LAKE/manifest.ndjson')) SELECT * FROM a",
    "SELECT 1 WHERE EXISTS (FROM read_parquet('$LAKE/topic=orders/p=000/*.parquet'))",
    'SELECT * FROM "$LAKE/topic=orders/p=000/000000000000-000000000002"."parquet"',
    'SUMMARIZE "$LAKE/topic=orders/p=000/000000000000-000000000002"."parquet"',
    'PIVOT "$LAKE/topic=orders/p=000/000000000000-000000000002".parquet ON type IN (\'order.amended\') USING any_value(data)',
    'FROM manifest.ndjson',
    "SELECT json_serialize_plan('FROM read_parquet(''$LAKE/topic=orders/p=000/*.parquet'')', optimize := true)",
    "SELECT 1 UNION ALL SELECT off FROM read_parquet('$LAKE/topic=orders/p=000/*.parquet')",
  ])('is not read past the views: %s', async (sql) => {
    const asked = assertReadOnly(session.connection, sql.replaceAll('$LAKE', lake.folder), 'hidden');
    await expect(asked).rejects.toMatchObject({ code: 'lake/query-refused' });
  });

  it.each([
    "SELECT field.key, field.value FROM events, json_each(data) AS field WHERE subject = 'one'",
    'FROM memory.main.orders',
    'SELECT view_name FROM duckdb_views()',
    'SELECT table_name FROM information_schema.tables',
    'SUMMARIZE orders',
  ])('does not hinder a question to the views: %s', async (sql) => {
    await assertReadOnly(session.connection, sql, 'hidden');
    expect(JSON.stringify((await session.connection.runAndReadAll(sql)).getRowsJson())).not.toContain(planted);
  });

  it('is not told to other engines', () => {
    for (const { name, fields } of describeLake().events) {
      const text = JSON.stringify(fields);
      const hidden = hiddenFields({ name, data: findEvent(name)?.data ?? raise(name) }).map((path) => `"${path.at(-1)}"`);
      expect(hidden.filter((field) => text.includes(field))).toEqual([]);
    }
  });

  it('does not come with a file over HTTP, unless it is said why', async () => {
    const [file] = readManifest(lake.folder).files();
    const get = async (reveal?: string): Promise<number> => {
      const serving = { lake: lake.folder, limits: defaultQueryLimits, atOnce: 1, hosts: new Set(['127.0.0.1']) };
      const server = lakeServer({ ...serving, ...(reveal !== undefined && { reveal }) });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/files/${file?.path ?? ''}`);
      await answer.arrayBuffer();
      server.closeAllConnections();
      server.close();
      return answer.status;
    };
    expect([await get(), await get('request 4711')]).toEqual([403, 200]);
    expect(reveals().at(-1)).toMatchObject({ why: 'request 4711', sql: expect.stringContaining('file topic=') });
  });

  it('is shown to those who may, and it is written down who asked what and why', () => {
    recordReveal(lake.folder, 'request 4712', 'SELECT personal FROM customer_registered');
    expect(reveals().at(-1)).toMatchObject({
      why: 'request 4712',
      sql: 'SELECT personal FROM customer_registered',
      who: expect.any(String),
    });
    expect(() => recordReveal(lake.folder, ' ', 'SELECT 1')).toThrow('--reveal takes the reason');
    process.env['LAKE_MAY_REVEAL'] = `ann, ${userInfo().username}`;
    try {
      recordReveal(lake.folder, 'request 4712', 'SELECT 2');
      process.env['LAKE_MAY_REVEAL'] = 'somebody-else';
      expect(() => recordReveal(lake.folder, 'request 4713', 'SELECT 1')).toThrow('may not see personal data');
    } finally {
      delete process.env['LAKE_MAY_REVEAL'];
    }
    expect(reveals().at(-1)).toMatchObject({ why: 'request 4712' });
  });

  it('is not shown when it cannot be written down who asked', () => {
    expect(() => recordReveal(join(lake.folder, 'nowhere'), 'request 4714', 'SELECT 1')).toThrow('so nothing is shown');
  });

  it('is found in every event that has it', () => {
    const found = events.flatMap((event) => hiddenFields(event).map((path) => `${event.name} ${path.join('.')}`));
    expect(found).toContain('order.amended head.personal');
    expect(found).toEqual(
      expect.arrayContaining(['webhook.received body', 'hr.dead-letter reason', 'hr.dead-letter value', 'hr.redriven note']),
    );
    for (const event of events) {
      const text = JSON.stringify(event.data);
      const tellsPay = text.includes('"employeeId"') && /"(salary|commission|commissionRate|amount)"/.test(text);
      expect(/"personal":|"base64"/.test(text) || tellsPay).toBe(hiddenFields(event).length > 0);
      if (tellsPay) expect(hiddenFields(event).filter((path) => !path.includes('personal'))).not.toEqual([]);
      expect(text.includes('"personal":')).toBe(hiddenFields(event).some((path) => path.includes('personal')));
    }
  });
});

function raise(name: string): never {
  throw new Error(`no event ${name}`);
}

function reveals(): readonly unknown[] {
  const lines = readFileSync(join(lake.folder, 'reveals.ndjson'), 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as unknown);
}
