import { incoming } from '@instep/testkit/department';
import { serviceOnPostgres } from '@instep/testkit/service';
import type { ServiceOnPostgres } from '@instep/testkit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { service } from '../src/finance.module.ts';
import { orderPaid, orderPlaced, orderShipped } from './order-events.ts';

interface Balance {
  readonly asOf: string | null;
  readonly clock: string;
  readonly currencies: readonly {
    readonly currency: string;
    readonly total: string;
    readonly accounts: readonly { readonly account: string; readonly name: string | null; readonly balance: string }[];
  }[];
}
interface Journals {
  readonly items: readonly {
    readonly journalId: string;
    readonly occurredAt: string;
    readonly recordedAt: string;
    readonly lines: readonly object[];
  }[];
  readonly next: string | null;
}

let finance: ServiceOnPostgres;

/** Twelve payments of order `sample:12`, so that its journals reach two digits; a shipment; and an order in yen. */
const captures = [...Array.from({ length: 12 }).keys()].map((n) => String(n + 1));
const inYen = { subject: 'sample:2', time: '2026-01-03T00:00:00Z' };

beforeAll(async () => {
  finance = await serviceOnPostgres(service);
  await finance.hear(
    orderPlaced(),
    orderPaid('77', { time: '2026-01-01T10:00:00.000Z' }),
    orderShipped('s1', { a: '1' }, { time: '2026-01-02T10:00:00.500Z' }),
    orderPlaced({ orderId: 'sample:2', currencies: { shop: 'JPY', presentment: 'JPY' } }),
    orderPaid('500', inYen, 'JPY'),
    orderPlaced({ orderId: 'sample:12' }),
    ...captures.map((received) => orderPaid(received, { subject: 'sample:12', time: '2026-03-01T00:00:00Z' })),
  );
  // Heard last, happened first.
  const goods = { item: 'TEA', location: 'A', quantity: '3', cost: '9.99', currency: 'EUR', reference: null };
  await finance.hear(incoming('stock.received', goods, { subject: 'TEA', time: '2025-12-31T23:59:59.999Z' }));
});

afterAll(() => finance.close());

async function balanceAt(query: string) {
  const { status, body } = await finance.get<Balance>(`/trial-balance${query}`);
  expect(status).toBe(200);
  return Object.fromEntries(
    body.currencies.map(({ currency, total, accounts }) => [
      currency,
      { total, ...Object.fromEntries(accounts.map(({ account, balance }) => [account, balance])) },
    ]),
  );
}

async function journalsOf(orderId: string) {
  return (await finance.get<Journals>(`/journals?orderId=${orderId}`)).body.items;
}

const goodsIn = { '1200': '9.99', '2400': '-9.99' };
const paid = { '1000': '77.00', '2000': '-77.00' };
const shipped = { '1000': '77.00', '2000': '-61.00', '2100': '-1.50', '4000': '-10.00', '4100': '-4.50' };
const total = { total: '0.00' };
const yen = { total: '0', '1000': '500', '2000': '-500' };

describe('the tables', () => {
  it('are as the entity schemas say', async () => {
    expect(await finance.drift()).toEqual([]);
  });

  it('have the indexes that the schemas cannot describe', async () => {
    const [index] = await finance.query<{ indexdef: string }>(
      "SELECT indexdef FROM pg_indexes WHERE schemaname = current_schema() AND indexname = 'journal_line_occurred'",
    );
    expect(index?.indexdef).toMatch(/USING brin \(occurred_at\)$/);
  });
});

describe('GET /trial-balance', () => {
  it('is of everything, per currency in its minor unit, and sums to zero', async () => {
    const { body } = await finance.get<Balance>('/trial-balance');
    expect([body.asOf, body.clock]).toEqual([null, 'occurred']);
    expect(body.currencies.map((one) => [one.currency, one.total])).toEqual([
      ['EUR', '0.00'],
      ['JPY', '0'],
    ]);
    expect(body.currencies[1]?.accounts).toEqual([
      { account: '1000', name: 'Payment clearing', balance: '500' },
      { account: '2000', name: 'Customer deposits', balance: '-500' },
    ]);
    expect(await balanceAt('')).toEqual({
      EUR: { ...total, ...goodsIn, ...shipped, '1000': '89.00', '2000': '-73.00' },
      JPY: yen,
    });
  });

  it.each([
    ['2025-12-31T23:59:59.998Z', {}],
    ['2025-12-31T23:59:59.999Z', { EUR: { ...total, ...goodsIn } }],
    ['2026-01-01', { EUR: { ...total, ...goodsIn } }],
    ['2026-01-01T09:59:59.999999Z', { EUR: { ...total, ...goodsIn } }],
    ['2026-01-01T10:00:00Z', { EUR: { ...total, ...goodsIn, ...paid } }],
    ['2026-01-01T10:00Z', { EUR: { ...total, ...goodsIn, ...paid } }],
    ['2026-01-01T11:00:00+01:00', { EUR: { ...total, ...goodsIn, ...paid } }],
    ['2026-01-01T10:59:59+01:00', { EUR: { ...total, ...goodsIn } }],
    ['2026-01-02T10:00:00.499Z', { EUR: { ...total, ...goodsIn, ...paid } }],
    ['2026-01-02T10:00:00.500Z', { EUR: { ...total, ...goodsIn, ...shipped } }],
    ['2026-01-03', { EUR: { ...total, ...goodsIn, ...shipped }, JPY: yen }],
  ])('as of %s, by when things happened', async (asOf, expected) => {
    expect(await balanceAt(`?asOf=${encodeURIComponent(asOf)}`)).toEqual(expected);
    expect(await balanceAt(`?clock=occurred&asOf=${encodeURIComponent(asOf)}`)).toEqual(expected);
  });

  it('as of a moment, by when things were recorded', async () => {
    const { items } = (await finance.get<Journals>('/journals?limit=100')).body;
    const first = items.map(({ recordedAt }) => recordedAt).sort()[0] ?? '';
    expect(await balanceAt(`?clock=recorded&asOf=${new Date(Date.parse(first) - 1).toISOString()}`)).toEqual({});
    expect(await balanceAt(`?clock=recorded&asOf=${first}`)).not.toEqual({});
    expect(await balanceAt(`?clock=recorded&asOf=${new Date().toISOString()}`)).toEqual(await balanceAt(''));
    // The goods came in before the first payment but were heard of last.
    const [{ at: heard } = { at: '' }] = await finance.query<{ at: string }>(
      "SELECT to_char(recorded_at AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"') AS at FROM journal_line WHERE kind = 'goods-receipt'",
    );
    expect(await balanceAt(`?clock=recorded&asOf=${heard}`)).toEqual(await balanceAt(''));
    expect((await balanceAt(`?clock=recorded&asOf=${new Date(Date.parse(heard) - 1).toISOString()}`))['EUR']).not.toHaveProperty('1200');
  });

  it('is of one tenant', async () => {
    const ofTheOther = orderPaid('9', { subject: 'sample:9' });
    await finance.hear({ ...ofTheOther, tenant: 'other' });
    expect((await balanceAt(''))['EUR']).toMatchObject({ '1000': '89.00' });
  });

  it.each([
    '?asOf=yesterday',
    '?asOf=',
    '?asOf=2026-13-01',
    '?asOf=2026-02-29',
    '?asOf=2026-04-31T10:00:00Z',
    '?asOf=0000-01-01',
    '?asOf=2026-01-01T24:00:00Z',
    '?asOf=2026-01-01T10:60:00Z',
    '?asOf=2026-01-01T10:00:00',
    '?asOf=2026-01-01T10:00:00%2B25:00',
    '?clock=wall',
    '?currency=EUR',
  ])('answers %s with 400', async (query) => {
    const { status, body } = await finance.get<{ code: string }>(`/trial-balance${query}`);
    expect([status, body.code]).toEqual([400, 'request/invalid-query']);
  });
});

describe('GET /journals', () => {
  it('shows the entries of an order with the event behind each', async () => {
    expect(await journalsOf('sample:1')).toEqual([
      {
        journalId: 'sample:1#1',
        kind: 'payment',
        orderId: 'sample:1',
        currency: 'EUR',
        occurredAt: '2026-01-01T10:00:00.000Z',
        recordedAt: expect.stringMatching(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$/),
        causedBy: expect.any(String),
        memo: 'payment received',
        lines: [
          { account: '1000', amount: '77' },
          { account: '2000', amount: '-77' },
        ],
      },
      expect.objectContaining({ journalId: 'sample:1#2', kind: 'shipment', occurredAt: '2026-01-02T10:00:00.500Z' }),
    ]);
    expect(await journalsOf('sample:none')).toEqual([]);
  });

  it('comes in pages, each entry once and whole', async () => {
    const seen: Journals['items'][number][] = [];
    const sizes: number[] = [];
    for (let after = ''; ;) {
      const { body } = await finance.get<Journals>(`/journals?orderId=sample:12&limit=5${after}`);
      seen.push(...body.items);
      sizes.push(body.items.length);
      if (body.next === null) break;
      after = `&after=${encodeURIComponent(body.next)}`;
    }
    expect(sizes).toEqual([5, 5, 2]);
    expect(seen.map(({ journalId }) => journalId)).toEqual(captures.map((n) => `sample:12#${n}`));
    expect(seen.every(({ lines }) => lines.length === 2)).toBe(true);
    const all = (await finance.get<Journals>('/journals?limit=100')).body.items;
    expect(all).toHaveLength(captures.length + 4);
    expect(all.filter(({ journalId }) => journalId.startsWith('sample:12#'))).toEqual(seen);
    const plan = await finance.query<{ indexdef: string }>(`SELECT indexdef FROM pg_indexes WHERE indexname = 'journal_line_numbered'`);
    expect(plan[0]?.indexdef).toContain('WHERE (line = 1)');
  });

  it.each(['?orderId=', '?limit=0', '?limit=many', '?after=%21', `?after=${Buffer.from('["x"]').toString('base64url')}`, '?account=1000'])(
    'answers %s with 400',
    async (query) => {
      expect((await finance.get(`/journals${query}`)).status).toBe(400);
    },
  );
});

describe('GET /accounts', () => {
  it('is the chart of accounts, by number', async () => {
    const { body } = await finance.get<{ items: readonly { number: string }[] }>('/accounts');
    const numbers = body.items.map(({ number }) => number);
    expect(body.items[0]).toEqual({ number: '1000', name: 'Payment clearing', type: 'asset' });
    expect(numbers).toEqual([...new Set(numbers)].sort());
    expect(numbers).toHaveLength(18);
  });
});
