import { decodeEvent, topics } from '@instep/contracts';
import type { CloudEvent, EventData } from '@instep/contracts';
import { inMemoryStore } from '@instep/department';
import type { EventLog, InMemoryLog } from '@instep/event-log';
import { inMemoryLog, LogUnavailable } from '@instep/event-log';
import type { TestHost } from '@instep/service-host';
import { testHost } from '@instep/service-host';
import { shopifyOrder, shopifyWebhook, sign } from '@instep/testkit';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { service } from '../src/index.ts';

const url = '/webhooks/shopify/sample';
const secret = 'sample-secret';
const order = shopifyOrder({
  id: '820982911946154508',
  number: 1001,
  placedAt: '2026-01-01T00:00:00.000Z',
  lines: [{ sku: 'A', price: '10.00', quantity: 2 }],
  customer: { id: 7, email: 'a@example.com' },
});

let log: InMemoryLog;
let host: TestHost;
let away = false;

beforeEach(async () => {
  away = false;
  log = inMemoryLog({
    topics: Object.fromEntries(Object.values(topics).map(({ name, partitions }) => [name, partitions])),
    maxRecordBytes: 8 * 1024 * 1024,
  });
  const reachable: EventLog = {
    ...log,
    append: (target, records) =>
      away && target.topic === 'raw.shopify' ? Promise.reject(new LogUnavailable('away')) : log.append(target, records),
  };
  host = await testHost(service, { log: reachable, store: inMemoryStore({ tables: [] }) });
});

afterEach(async () => {
  await host.close();
  await log.close();
});

async function stored(topic: string): Promise<{ readonly key: string; readonly event: CloudEvent }[]> {
  const bounds = await log.bounds(topic);
  const records = [];
  for (const { partition, first, next } of bounds) {
    if (first === next) continue;
    for await (const batch of log.read({ topic, partition }, first, next)) records.push(...batch);
  }
  return records.map(({ key, value }) => ({ key, event: decodeEvent(value) }));
}

async function until(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it does not come true');
    await new Promise(setImmediate);
  }
}

async function reports(count: number): Promise<CloudEvent[]> {
  const deadline = Date.now() + 10_000;
  for (;;) {
    const found = (await stored('channels')).map(({ event }) => event).filter(({ type }) => type.startsWith('channel-'));
    if (found.length >= count || Date.now() > deadline) return found;
    await new Promise(setImmediate);
  }
}

function send(topic: string, body: string | Buffer, headers: Record<string, string | undefined> = {}, to = url) {
  const signed: Record<string, string | undefined> = {
    ...shopifyWebhook({ topic, body: '', secret, webhookId: 'w-1', eventId: 'e-1', triggeredAt: '2026-01-01T00:00:01.123456789Z' }).headers,
    'x-shopify-hmac-sha256': sign(body, secret),
    ...headers,
  };
  const given = Object.fromEntries(Object.entries(signed).filter((entry): entry is [string, string] => entry[1] !== undefined));
  return host.inject({ method: 'POST', url: to, headers: given, payload: body });
}

const metrics = async (): Promise<string> => (await host.inject({ method: 'GET', url: '/metrics' })).body;

describe('a webhook that is signed', () => {
  it('is answered when the log has its bytes, and becomes a report', async () => {
    const body = order.body();
    const answer = await send('orders/create', body);
    expect(answer.statusCode).toBe(200);
    const [raw] = await stored('raw.shopify');
    expect(raw).toMatchObject({
      key: 'demo/sample:order:820982911946154508',
      event: {
        source: 'instep/connectors',
        subject: 'sample:order:820982911946154508',
        time: '2026-01-01T00:00:01.123Z',
        tenant: 'demo',
        correlationid: 'e-1',
        actor: 'connection/sample',
        data: { connection: 'sample', topic: 'orders/create', webhookId: 'w-1', triggeredAt: '2026-01-01T00:00:01.123456789Z' },
      },
    });
    expect(Buffer.from((raw?.event.data as EventData<'webhook.received'>).body, 'base64').toString()).toBe(body);
    const [report] = await reports(1);
    expect(report).toMatchObject({
      type: 'channel-order.reported',
      subject: 'sample:820982911946154508',
      causationid: raw?.event.id,
      correlationid: 'e-1',
      data: { channelOrderId: '820982911946154508' },
    });
    expect(await metrics()).toContain('instep_webhooks_received_total{topic="orders/create",service="connectors"} 1');
  });

  it('has one effect however often it comes', async () => {
    for (let times = 0; times < 10; times += 1) expect((await send('orders/create', order.body())).statusCode).toBe(200);
    await send('orders/paid', order.paid('2026-01-01T00:01:00.000Z').body());
    expect((await reports(2)).map(({ data }) => (data as EventData<'channel-order.reported'>).paymentStatus)).toEqual(['pending', 'paid']);
  });

  it('is told to come again when the log cannot take it, and is not lost when it does', async () => {
    away = true;
    const refused = await send('orders/create', order.body());
    expect(refused.statusCode).toBe(503);
    expect(refused.headers['retry-after']).toBe('2');
    expect(await stored('raw.shopify')).toEqual([]);
    away = false;
    expect((await send('orders/create', order.body())).statusCode).toBe(200);
    expect(await reports(1)).toHaveLength(1);
  });

  it('of a topic that we do not know is kept and counted', async () => {
    expect((await send('carts/create', '{"id":"abc"}')).statusCode).toBe(200);
    expect(await stored('raw.shopify')).toHaveLength(1);
    expect(await metrics()).toContain('instep_webhooks_received_total{topic="unknown",service="connectors"} 1');
  });

  it.each([
    ['not JSON', '<html>', 'demo/sample:unkeyed:w-1'],
    ['a million levels deep', `${'['.repeat(1_000_000)}${']'.repeat(1_000_000)}`, 'demo/sample:unkeyed:w-1'],
    ['an order that is none', '{"id":5,"line_items":7}', 'demo/sample:order:5'],
  ])('but %s is kept raw, its key is parked, and others go on', async (_name, body, key) => {
    expect((await send('orders/create', body)).statusCode).toBe(200);
    expect((await stored('raw.shopify'))[0]?.key).toBe(key);
    await send('orders/create', order.body());
    expect(await reports(1)).toHaveLength(1);
    await until(() => host.department.status().parkedKeys === 1);
    const parked = await host.inject({ method: 'GET', url: '/parked' });
    expect(parked.body).toContain(key);
    expect(parked.body).toMatch(/"code":"shopify\/(not-json|missing|wrong-type)"/);
  });

  it('comes from any content type, or none', async () => {
    for (const type of ['application/json; charset=utf-8', 'text/plain', 'application/x-www-form-urlencoded']) {
      expect((await send('orders/create', order.body(), { 'content-type': type })).statusCode).toBe(200);
    }
  });
});

describe('a webhook that is not surely from the shop', () => {
  it.each([
    ['of a connection that does not exist', {}, '/webhooks/shopify/other', 'unknown-connection'],
    ['without a signature', { 'x-shopify-hmac-sha256': undefined }, url, 'signature-missing'],
    ['with the signature of another secret', { 'x-shopify-hmac-sha256': sign(order.body(), 'other') }, url, 'signature-wrong'],
    ['with the signature of another body', { 'x-shopify-hmac-sha256': sign('{}', secret) }, url, 'signature-wrong'],
    ['of a connection named after a property of objects', {}, '/webhooks/shopify/__proto__', 'unknown-connection'],
  ])('%s is refused like every other, and nothing is stored', async (_name, headers, to, reason) => {
    const answer = await send('orders/create', order.body(), headers, to);
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toEqual({
      type: 'urn:instep:problem:webhook/not-authentic',
      title: 'Unauthorized',
      status: 401,
      code: 'webhook/not-authentic',
      detail: 'The webhook is not from a shop that we know.',
    });
    expect(await stored('raw.shopify')).toEqual([]);
    expect(await metrics()).toContain(`instep_webhooks_refused_total{reason="${reason}",service="connectors"} 1`);
  });

  it('or whose body was changed by one bit', async () => {
    const body = Buffer.from(order.body());
    const signature = sign(body, secret);
    body[100] = (body[100] ?? 0) ^ 1;
    expect((await send('orders/create', body, { 'x-shopify-hmac-sha256': signature })).statusCode).toBe(401);
  });

  it('or is larger than five megabytes, is refused before it is read', async () => {
    const answer = await send('orders/create', Buffer.alloc(5 * 1024 * 1024 + 1, 0x20));
    expect(answer.statusCode).toBe(413);
    expect((await send('orders/create', Buffer.alloc(5 * 1024 * 1024, 0x20))).statusCode).toBe(200);
  });
});
