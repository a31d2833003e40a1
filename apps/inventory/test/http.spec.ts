import { serviceInMemory } from '@instep/testkit/service';
import type { ServiceInMemory } from '@instep/testkit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { compose } from '../src/compose.ts';
import { service } from '../src/inventory.module.ts';

let stock: ServiceInMemory;

beforeAll(async () => {
  stock = await serviceInMemory(service, compose(), { LEDGER_CURRENCY: 'EUR' });
});

afterAll(() => stock.close());

function post(path: string, payload: object, key?: string | null) {
  return stock.send<{ readonly code?: string }>('POST', path, payload, key);
}

const tea = { item: 'TEA', title: 'Tea', sku: 'TEA' };
const receipt = { item: 'TEA', location: 'A', quantity: '5', unitCost: '2.00' };

describe('POST /items', () => {
  it('registers an item, and says whether that changed something', async () => {
    expect((await post('/items', tea)).body).toEqual({ item: 'TEA', changed: true });
    expect((await post('/items', tea)).body).toEqual({ item: 'TEA', changed: false });
    expect(stock.rows('item_catalog')).toEqual([
      { tenant: 'demo', item: 'TEA', title: 'Tea', unit: 'piece', sku: 'TEA', channelItems: '[]' },
    ]);
  });

  it('refuses what is no item', async () => {
    const answer = await post('/items', { item: '', title: 'Tea' });
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ code: 'request/invalid-body' });
  });
});

describe('POST /receipts', () => {
  it('takes goods in once, however often it is sent', async () => {
    const first = await post('/receipts', receipt, 'once');
    expect(first.status).toBe(201);
    expect(first.body).toEqual({ item: 'TEA', location: 'A', served: 0 });
    expect((await post('/receipts', receipt, 'once')).body).toEqual(first.body);
    expect(stock.rows('stock_level')).toMatchObject([{ location: 'A', onHand: '5', value: '10', currency: 'EUR' }]);
  });

  it('refuses the same key with other content, and no key at all', async () => {
    const other = await post('/receipts', { ...receipt, quantity: '6' }, 'once');
    expect([other.status, other.body.code]).toEqual([409, 'request/other-content']);
    const keyless = await post('/receipts', receipt, null);
    expect([keyless.status, keyless.body.code]).toEqual([400, 'request/idempotency-key-missing']);
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
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe('POST /adjustments', () => {
  it('books the difference of a count, and not below zero', async () => {
    expect((await post('/adjustments', { item: 'TEA', location: 'A', quantity: '-2', reason: 'broken' })).status).toBe(201);
    const answer = await post('/adjustments', { item: 'TEA', location: 'A', quantity: '-9', reason: 'broken' });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'item/below-zero' });
  });
});
