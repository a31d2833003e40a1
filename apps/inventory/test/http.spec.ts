import { topics } from '@instep/contracts';
import { inMemoryStore } from '@instep/department';
import { inMemoryLog } from '@instep/event-log';
import type { TestHost } from '@instep/service-host';
import { testHost } from '@instep/service-host';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { compose } from '../src/compose.ts';
import { service } from '../src/inventory.module.ts';

const partitions = Object.fromEntries(Object.values(topics).map(({ name, partitions: count }) => [name, count]));
const store = inMemoryStore({ tables: compose().projections.map(({ table }) => table as never) });

let host: TestHost;
let keys = 0;

beforeAll(async () => {
  host = await testHost(service, { log: inMemoryLog({ topics: partitions }), store, environment: { LEDGER_CURRENCY: 'EUR' } });
});

afterAll(() => host.close());

function post(url: string, payload: object, key = `key-${String((keys += 1))}`) {
  return host.inject({ method: 'POST', url, headers: { 'x-tenant': 'demo', 'idempotency-key': key }, payload });
}

const tea = { item: 'TEA', title: 'Tea', sku: 'TEA' };
const receipt = { item: 'TEA', location: 'A', quantity: '5', unitCost: '2.00' };

describe('POST /items', () => {
  it('registers an item, and says whether that changed something', async () => {
    expect((await post('/items', tea)).json()).toEqual({ item: 'TEA', changed: true });
    expect((await post('/items', tea)).json()).toEqual({ item: 'TEA', changed: false });
    expect(store.rows('item_catalog')).toEqual([
      { tenant: 'demo', item: 'TEA', title: 'Tea', unit: 'piece', sku: 'TEA', channelItems: '[]' },
    ]);
  });

  it('refuses what is no item', async () => {
    const answer = await post('/items', { item: '', title: 'Tea' });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ code: 'request/invalid-body' });
  });
});

describe('POST /receipts', () => {
  it('takes goods in once, however often it is sent', async () => {
    const first = await post('/receipts', receipt, 'once');
    expect(first.statusCode).toBe(201);
    expect(first.json()).toEqual({ item: 'TEA', location: 'A', served: 0 });
    expect((await post('/receipts', receipt, 'once')).json()).toEqual(first.json());
    expect(store.rows('stock_level')).toMatchObject([{ location: 'A', onHand: '5', value: '10', currency: 'EUR' }]);
  });

  it('refuses the same key with other content, and no key at all', async () => {
    const other = await post('/receipts', { ...receipt, quantity: '6' }, 'once');
    expect([other.statusCode, other.json<{ code: string }>().code]).toEqual([409, 'request/other-content']);
    const keyless = await host.inject({ method: 'POST', url: '/receipts', headers: { 'x-tenant': 'demo' }, payload: receipt });
    expect([keyless.statusCode, keyless.json<{ code: string }>().code]).toEqual([400, 'request/idempotency-key-missing']);
  });

  it.each([
    [404, 'item/unknown', { item: 'UNHEARD-OF' }],
    [422, 'item/nothing-received', { quantity: '0' }],
    [422, 'item/unknown-currency', { currency: 'XQQ' }],
    [409, 'item/other-currency', { currency: 'USD' }],
    [400, 'request/invalid-body', { quantity: '-1' }],
    [400, 'request/invalid-body', { quantity: 1 }],
    [400, 'request/invalid-body', { unitCost: '1e3' }],
    [400, 'request/invalid-body', { colour: 'green' }],
  ])('answers %i %s', async (status, code, wrong) => {
    const answer = await post('/receipts', { ...receipt, ...wrong });
    expect([answer.statusCode, answer.json<{ code: string }>().code]).toEqual([status, code]);
  });
});

describe('POST /adjustments', () => {
  it('books the difference of a count, and not below zero', async () => {
    expect((await post('/adjustments', { item: 'TEA', location: 'A', quantity: '-2', reason: 'broken' })).statusCode).toBe(201);
    const answer = await post('/adjustments', { item: 'TEA', location: 'A', quantity: '-9', reason: 'broken' });
    expect(answer.statusCode).toBe(409);
    expect(answer.json()).toMatchObject({ code: 'item/below-zero' });
  });
});
