import { once } from 'node:events';
import { get, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { tableFromIPC } from 'apache-arrow';

import { defaultQueryLimits } from '../src/query/limits.ts';
import { lakeServer } from '../src/serve/lake-server.ts';
import { lakeOfCompletedOrders } from '../src/testing/completed-orders.ts';
import type { SampleLake } from '../src/testing/lake-in-memory.ts';

// Each question starts a process; a busy machine takes its time.
jest.setTimeout(120_000);

let lake: SampleLake;
let server: Server;
let address: string;

beforeAll(async () => {
  lake = await lakeOfCompletedOrders();
  server = lakeServer({
    lake: lake.folder,
    limits: { ...defaultQueryLimits, seconds: 3 },
    atOnce: 1,
    hosts: new Set(['127.0.0.1']),
    reveal: 'a test',
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await lake.remove();
});

function ask(sql: string, format: string): Promise<Response> {
  return fetch(`${address}/query?format=${format}`, { method: 'POST', body: sql });
}

const sql = 'SELECT off, type, off / 4 AS quarter, recorded_at FROM events ORDER BY off LIMIT 2';

describe('the lake over HTTP', () => {
  it('answers as CSV and JSON', async () => {
    const csv = await ask(sql, 'csv');
    expect(csv.headers.get('content-type')).toContain('text/csv');
    expect(csv.headers.get('recorded-up-to')).toBe('2026-03-01T08:00:49.000Z');
    expect(await csv.text()).toBe(
      'off,type,quarter,recorded_at\r\n0,order.completed,0,2026-03-01 08:00:00+00\r\n1,order.completed,0.25,2026-03-01 08:00:01+00\r\n',
    );
    expect(await (await ask(sql, 'json')).json()).toMatchObject([{ off: 0 }, { off: 1, quarter: 0.25 }]);
  });

  it('answers as Arrow and Parquet', async () => {
    const arrow = tableFromIPC(new Uint8Array(await (await ask(sql, 'arrow')).arrayBuffer()));
    expect(arrow.numRows).toBe(2);
    expect(arrow.get(1)?.toJSON()).toMatchObject({ off: 1n, type: 'order.completed', quarter: 0.25 });
    const parquet = Buffer.from(await (await ask(sql, 'parquet')).arrayBuffer());
    expect([parquet.subarray(0, 4).toString(), parquet.subarray(-4).toString()]).toEqual(['PAR1', 'PAR1']);
  });

  it('says what is wrong', async () => {
    const refused = await ask('DROP VIEW events', 'json');
    expect([refused.status, await refused.json()]).toMatchObject([403, { code: 'lake/query-refused' }]);
    const wrong = await ask('SELECT nothing FROM events', 'json');
    expect([wrong.status, await wrong.json()]).toMatchObject([
      400,
      { code: 'lake/query-failed', title: expect.stringContaining('nothing') },
    ]);
    const format = await ask(sql, 'xls');
    expect([format.status, await format.json()]).toMatchObject([400, { title: expect.stringContaining('xls') }]);
    const late = await ask('SELECT count(*) FROM range(1000000000) AS a(x), range(1000000) AS b(y) WHERE x + y = 7', 'json');
    expect([late.status, await late.json()]).toMatchObject([422, { code: 'lake/query-overran' }]);
  });

  it('takes no more queries at once than it may', async () => {
    // Both are endless: which of the two arrives first is not ours to say.
    const endless = 'SELECT count(*) FROM range(1000000000) AS a(x), range(1000000) AS b(y) WHERE x + y = 7';
    const answers = await Promise.all([ask(endless, 'json'), ask(endless, 'json')]);
    expect(answers.map(({ status }) => status).sort()).toEqual([422, 429]);
  });

  it('gives files as they are, and ranges of them, and no other file', async () => {
    const list = (await (await fetch(`${address}/files.json`)).json()) as { orders: readonly string[] };
    const [path = ''] = list.orders;
    const whole = Buffer.from(await (await fetch(`${address}/files/${path}`)).arrayBuffer());
    const tail = await fetch(`${address}/files/${path}`, { headers: { range: 'bytes=-4' } });
    expect([tail.status, await tail.text()]).toEqual([206, 'PAR1']);
    expect(whole.subarray(-4).toString()).toBe('PAR1');
    expect((await fetch(`${address}/files/..%2f..%2fetc%2fpasswd`)).status).toBe(404);
    expect((await fetch(`${address}/files/manifest.ndjson`)).status).toBe(404);
  });

  it('does not answer under a name that is not its own', async () => {
    const { port } = server.address() as AddressInfo;
    expect((await fetch(`http://localhost:${port}/health`)).status).toBe(421);
  });
});

describe('a request that is none', () => {
  it.each(['/files/%E0%A4%A', '//'])('is told so: %s', async (path) => {
    const answer = await new Promise<number | undefined>((resolve, reject) => {
      const { port } = new URL(address);
      get({ host: '127.0.0.1', port, path }, (response) => resolve(response.resume().statusCode)).on('error', reject);
    });
    expect(answer).toBe(400);
  });

  it.each(['/constructor', '/__proto__', '/toString'])('names no place that there is: %s', async (path) => {
    expect((await fetch(`${address}${path}`)).status).toBe(404);
  });

  it('has a body that is read only so far, though it says no length', async () => {
    const endless = new ReadableStream({ pull: (to) => to.enqueue(Buffer.alloc(65_536, 32)) });
    const init = { method: 'POST', body: endless, duplex: 'half' } as RequestInit;
    const answer = await fetch(`${address}/query`, init).then(
      ({ status }) => status,
      () => 'closed',
    );
    expect([400, 'closed']).toContain(answer);
  });

  it('has JSON without a statement', async () => {
    const init = { method: 'POST', body: 'null', headers: { 'content-type': 'application/json' } };
    expect((await fetch(`${address}/query`, init)).status).toBe(400);
  });
});

it('does not give a part of the rows for all', async () => {
  const small = lakeServer({ lake: lake.folder, limits: { ...defaultQueryLimits, rows: 10 }, atOnce: 1, hosts: new Set(['127.0.0.1']) });
  small.listen(0, '127.0.0.1');
  await once(small, 'listening');
  const place = `http://127.0.0.1:${(small.address() as AddressInfo).port}/query`;
  const ten = await fetch(place, { method: 'POST', body: 'FROM range(10)' });
  expect(await ten.json()).toHaveLength(10);
  await expect(fetch(place, { method: 'POST', body: 'FROM range(11)' }).then((answer) => answer.text())).rejects.toThrow();
  small.closeAllConnections();
  small.close();
});
