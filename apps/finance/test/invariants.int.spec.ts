import { incoming } from '@instep/testkit/department';
import { serviceOnPostgres } from '@instep/testkit/service';
import type { ServiceOnPostgres } from '@instep/testkit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { service } from '../src/finance.module.ts';
import { content, orderPaid, orderPlaced, orderRefunded, orderReturned, orderShipped } from './order-events.ts';

let finance: ServiceOnPostgres;

beforeAll(async () => {
  finance = await serviceOnPostgres(service);
  const events = [
    orderPlaced({ content: { ...content, channelTax: { shop: '1.50' } } }),
    orderPaid('50'),
    orderPaid('77'),
    orderShipped('s1', { a: '1' }),
    orderRefunded({ money: '10', lines: [{ lineId: 'a', quantity: '1', net: '10', tax: '1' }] }),
    orderReturned(['a', 'return', '1']),
    orderPlaced({ orderId: 'sample:2', test: true }),
    orderPaid('9', { subject: 'sample:2' }),
    incoming(
      'stock.received',
      { item: 'TEA', location: 'A', quantity: '3', cost: '9.99', currency: 'EUR', reference: null },
      { subject: 'TEA' },
    ),
    incoming(
      'stock.adjusted',
      { item: 'TEA', location: 'A', quantity: '-1', cost: '-3.33', currency: 'EUR', reason: 'broken', orderId: 'sample:1' },
      { subject: 'TEA' },
    ),
  ];
  await finance.hear(...events);
});
afterAll(() => finance.close());

const first = `journal_id = 'sample:1#1'`;

describe('the invariants of finance', () => {
  it('hold in books that were kept by finance itself', async () => {
    expect(await finance.query(`SELECT count(DISTINCT journal_id)::integer AS n FROM journal_line`)).toEqual([{ n: 7 }]);
    expect(await finance.violations()).toEqual({});
  });

  it.each<[string, Record<string, string[]>, string[]]>([
    [
      'an amount that changed',
      {
        'journals-balance': ['demo/sample:1#1'],
        'trial-balance-zero': ['demo/EUR'],
        'cash-as-ordered': ['demo/sample:1'],
        'ledger-as-streams': ['demo/sample:1'],
      },
      [`UPDATE journal_line SET amount = amount + 0.01 WHERE ${first} AND account = '1000'`],
    ],
    [
      'a payment booked twice',
      {
        'booked-once': ['demo/event-1'],
        'cash-as-ordered': ['demo/sample:1'],
        'ledger-as-streams': ['demo/sample:1'],
      },
      [
        `UPDATE journal_line SET cause_id = 'event-1' WHERE ${first}`,
        `INSERT INTO journal_line SELECT tenant, 'sample:1#' || (SELECT version + 1 FROM stream WHERE stream = 'account-document' AND id = 'sample:1'),
         line, kind, order_id, account, amount, currency, occurred_at, recorded_at, cause_id, memo FROM journal_line WHERE ${first}`,
      ],
    ],
    [
      'a journal that is gone',
      { 'cash-as-ordered': ['demo/sample:1'], 'ledger-as-streams': ['demo/sample:1'] },
      [`DELETE FROM journal_line WHERE ${first}`],
    ],
    [
      'the last journal of goods gone',
      { 'ledger-as-streams': ['demo/goods/TEA'] },
      [`DELETE FROM journal_line WHERE journal_id = 'goods/TEA#2'`],
    ],
    [
      'a line that is missing',
      { 'journals-whole': ['demo/goods/TEA#1'] },
      [`UPDATE journal_line SET line = 3 WHERE journal_id = 'goods/TEA#1' AND line = 2`],
    ],
    [
      'a journal of two currencies',
      { 'journals-balance': ['demo/goods/TEA#1'], 'journals-whole': ['demo/goods/TEA#1'], 'trial-balance-zero': ['demo/EUR', 'demo/USD'] },
      [`UPDATE journal_line SET currency = 'USD' WHERE journal_id = 'goods/TEA#1' AND line = 2`],
    ],
    [
      'a journal of no document',
      { 'journals-whole': ['demo/goods/TEA#1', 'demo/goods/TEA#2'] },
      [`DELETE FROM stream WHERE id = 'goods/TEA'`],
    ],
    [
      'a payment that was never booked',
      { 'cash-as-ordered': ['demo/sample:1'] },
      [`UPDATE order_facts SET facts = replace(facts, '"received":"77"', '"received":"78"') WHERE order_id = 'sample:1'`],
    ],
    [
      'a test order that was booked',
      { 'cash-as-ordered': ['demo/sample:1'] },
      [`UPDATE order_facts SET facts = replace(facts, '"test":false', '"test":true') WHERE order_id = 'sample:1'`],
    ],
    [
      'a stream that is behind its ledger',
      { 'ledger-as-streams': ['demo/sample:1'] },
      [`UPDATE stream SET version = version - 1, state = replace(state::text, '"journals":5', '"journals":4')::json WHERE id = 'sample:1'`],
    ],
  ])('find %s', async (_what, found, corruptions) => {
    expect(await finance.violationsAfter(...corruptions)).toEqual(found);
  });

  it('hold again once everything is as it was', async () => {
    expect(await finance.violations()).toEqual({});
  });
});
