import { topics } from '@instep/contracts';
import { inMemoryStore } from '@instep/department';
import { inMemoryLog } from '@instep/event-log';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { testHost, type TestHost } from '../src/index.ts';

import { taggingService } from './tagging.module.ts';

const partitions = Object.fromEntries(Object.values(topics).map(({ name, partitions: count }) => [name, count]));

let host: TestHost;
let key = 0;

beforeAll(async () => {
  host = await testHost(taggingService, { log: inMemoryLog({ topics: partitions }), store: inMemoryStore({ tables: [] }) });
});

afterAll(() => host.close());

function post(url: string, payload: string | object, headers: Record<string, string> = {}) {
  key += 1;
  return host.inject({
    method: 'POST',
    url,
    headers: { 'x-tenant': 'demo', 'idempotency-key': `key-${String(key)}`, 'content-type': 'application/json', ...headers },
    payload: typeof payload === 'string' ? payload : JSON.stringify(payload),
  });
}

describe('a change', () => {
  it('is answered with the events it caused', async () => {
    const answer = await post('/customers', { tag: 'new' });
    expect(answer.statusCode).toBe(201);
    expect(answer.json()).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), version: 1 });
  });

  it('sent twice with one key takes effect once and gives the same answer', async () => {
    const headers = { 'idempotency-key': 'twice' };
    const first = await post('/customers', { tag: 'x', weight: 1 }, headers);
    const second = await post('/customers', '{ "weight": 1.0,  "tag": "x" }', headers);
    expect(second.statusCode).toBe(201);
    expect(second.json()).toEqual(first.json());
  });

  it('is a conflict when its key was used for other content', async () => {
    const headers = { 'idempotency-key': 'reused' };
    await post('/customers', { tag: 'x' }, headers);
    const answer = await post('/customers', { tag: 'y' }, headers);
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'request/other-content' });
  });

  it('needs an idempotency key', async () => {
    const answer = await host.inject({ method: 'POST', url: '/customers', headers: { 'x-tenant': 'demo' }, payload: { tag: 'x' } });
    expect(answer.statusCode).toBe(400);
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status: 400, code: 'request/idempotency-key-missing' });
  });

  it.each([
    ['too long', 'k'.repeat(201)],
    ['with spaces inside', 'a b'],
  ])('refuses an idempotency key that is %s', async (_, idempotencyKey) => {
    const answer = await post('/customers', { tag: 'x' }, { 'idempotency-key': idempotencyKey });
    expect(answer.json()).toMatchObject({ status: 400, code: 'request/idempotency-key-invalid' });
  });
});

describe('a problem', () => {
  it('of a refusal has the status of the table', async () => {
    await post('/customers/7/tags', { tag: 'new' });
    const answer = await post('/customers/7/tags', { tag: 'new' });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toEqual({
      type: 'urn:instep:problem:customer/already-tagged',
      title: 'Conflict',
      status: 409,
      code: 'customer/already-tagged',
      detail: 'The customer has the tag new.',
    });
  });

  it('of a refusal that is not in the table is 422, with its details', async () => {
    const answer = await post('/customers', { tag: 'vip' });
    expect(answer.json()).toMatchObject({ status: 422, code: 'customer/not-important', details: { spent: '12.50' } });
  });

  it('of a defect shows an id and nothing else', async () => {
    const answer = await post('/customers', { tag: 'defect' });
    expect(answer.statusCode).toBe(500);
    expect(answer.json()).toMatchObject({ code: 'defect', errorId: expect.stringMatching(/^[0-9a-f-]{36}$/) });
    expect(answer.body).not.toContain('secret detail');
  });

  it('of a body names the paths', async () => {
    const answer = await post('/customers', { tag: 7, extra: true });
    expect(answer.statusCode).toBe(400);
    const { code, paths } = answer.json<{ code: string; paths: { path: string }[] }>();
    expect(code).toBe('request/invalid-body');
    expect(paths.map(({ path }) => path)).toContain('/tag');
  });

  it.each([
    ['not JSON', '{"tag":', 400, 'request/not-json'],
    ['a million levels deep', '['.repeat(400_000) + ']'.repeat(400_000), 400, 'request/too-deep'],
    ['an id beyond 2^53', '{"tag":"x","weight":820982911946154508}', 400, 'request/inexact-number'],
    ['a prototype', '{"tag":"x","__proto__":{"admin":true}}', 400, 'request/forbidden-name'],
    ['over the limit', JSON.stringify({ tag: 'x'.repeat(1_100_000) }), 413, 'request/body-too-large'],
  ])('of a body that is %s', async (_, body, status, code) => {
    const answer = await post('/customers', body);
    expect(answer.json()).toMatchObject({ status, code });
  });

  it('of an unknown media type', async () => {
    expect((await post('/customers', 'tag=x', { 'content-type': 'application/x-www-form-urlencoded' })).json()).toMatchObject({
      status: 415,
    });
  });

  it('of a path that is not there', async () => {
    expect((await host.inject({ url: '/nothing' })).json()).toMatchObject({ status: 404, code: 'request/no-such-route' });
  });

  it('of a thing that is not there', async () => {
    expect((await host.inject({ url: '/customers/zzz' })).json()).toMatchObject({ status: 404, code: 'customer/unknown' });
  });

  it('of a tenant that is missing or no tenant', async () => {
    expect((await host.inject({ url: '/customers/tags' })).json()).toMatchObject({ status: 400, code: 'request/tenant-missing' });
    expect((await host.inject({ url: '/customers/tags', headers: { 'x-tenant': 'a/b' } })).json()).toMatchObject({
      code: 'request/tenant-invalid',
    });
  });
});

describe('raw bytes', () => {
  it('reach the controller unchanged, whatever their type', async () => {
    const bytes = Buffer.from([0, 255, 123, 34, 0xc3, 0x28, 13, 10]);
    for (const type of ['application/json', 'application/octet-stream', 'text/plain; charset=latin1']) {
      const answer = await host.inject({
        method: 'POST',
        url: '/raw/x',
        headers: { 'content-type': type, 'content-encoding': 'gzip' },
        payload: bytes,
      });
      expect(answer.statusCode).toBe(200);
      expect(Buffer.from(answer.json<{ bytes: string }>().bytes, 'base64')).toEqual(bytes);
    }
  });

  it('have the limit of their route', async () => {
    const fits = await host.inject({
      method: 'POST',
      url: '/raw/x',
      headers: { 'content-type': 'application/json' },
      payload: Buffer.alloc(1_500_000),
    });
    expect(fits.statusCode).toBe(200);
    const large = await host.inject({
      method: 'POST',
      url: '/raw/x',
      headers: { 'content-type': 'application/json' },
      payload: Buffer.alloc(2_000_001),
    });
    expect(large.json()).toMatchObject({ status: 413, code: 'request/body-too-large' });
  });
});

describe('a list', () => {
  const list = (query: string) => host.inject({ url: `/customers/tags${query}`, headers: { 'x-tenant': 'demo' } });

  it('comes in pages that join without gap or repeat', async () => {
    const seen: string[] = [];
    let after = '';
    for (;;) {
      const page = (await list(`?limit=2${after}`)).json<{ items: { tag: string }[]; next: string | null }>();
      seen.push(...page.items.map(({ tag }) => tag));
      if (page.next === null) break;
      after = `&after=${page.next}`;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it.each(['?limit=0', '?limit=201', '?limit=many', '?after=bogus', '?prefix=123456', '?colour=red'])('refuses %s', async (query) => {
    expect((await list(query)).statusCode).toBe(400);
  });
});

describe('the routes of every service', () => {
  it('say that it lives and is ready', async () => {
    expect((await host.inject({ url: '/health/live' })).json()).toEqual({ status: 'live' });
    const ready = await host.inject({ url: '/health/ready' });
    expect(ready.statusCode).toBe(200);
    expect(ready.json()).toEqual({ status: 'ready', troubles: [] });
  });

  it('show metrics with the lag of each partition', async () => {
    const { body } = await host.inject({ url: '/metrics' });
    expect(body).toContain('instep_consumer_lag_seconds{topic="orders",partition="0",service="crm"} 0');
    expect(body).toContain('http_route="/customers"');
  });

  it('describe themselves', async () => {
    const document = (await host.inject({ url: '/openapi.json' })).json<{
      openapi: string;
      paths: Record<string, Record<string, unknown>>;
    }>();
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths)).toEqual([
      '/customers',
      '/customers/tags',
      '/customers/{id}',
      '/customers/{id}/tags',
      '/health/live',
      '/health/ready',
      '/invariants',
      '/invariants/check',
      '/metrics',
      '/openapi.json',
      '/parked',
      '/parked/records',
      '/parked/redrive',
      '/raw/{name}',
    ]);
    expect(document.paths['/customers']?.['post']).toMatchObject({
      summary: 'Makes a customer with a tag',
      requestBody: { content: { 'application/json': { schema: { type: 'object', required: ['tag'] } } } },
      parameters: expect.arrayContaining([expect.objectContaining({ name: 'idempotency-key', required: true })]),
    });
  });

  it('list parked keys and redrive them', async () => {
    expect((await host.inject({ url: '/parked' })).json()).toEqual({ keys: 0, records: 0, items: [] });
    expect((await host.inject({ url: '/parked?most=5000' })).statusCode).toBe(200);
    expect((await host.inject({ url: '/parked?most=all' })).statusCode).toBe(400);
    const ofKey = { topic: 'orders', key: 'demo/1' };
    expect((await host.inject({ url: `/parked/records?${new URLSearchParams(ofKey).toString()}` })).json()).toEqual({
      ...ofKey,
      items: [],
    });
    const rehearsed = await host.inject({ method: 'POST', url: '/parked/redrive', payload: { ...ofKey, dryRun: true } });
    expect(rehearsed.json()).toEqual({ applies: false, events: 0, reason: 'nothing of this key is parked' });
    const answer = await host.inject({ method: 'POST', url: '/parked/redrive', payload: { topic: 'orders', key: 'demo/1' } });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toEqual({ applied: 0, left: 0 });
  });
});
