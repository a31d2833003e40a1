import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { decodeEvent, type EventData } from '@instep/contracts';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { drawSvg, type PlotRow } from '../src/kpi/draw.ts';
import { defaultQueryLimits } from '../src/query/limits.ts';
import { QuerySession } from '../src/query/query-session.ts';
import { kpiFolder, savedQueries } from '../src/saved/folders.ts';
import { readSqlFiles } from '../src/saved/sql-file.ts';
import { ask } from '../src/testing/ask.ts';
import { sampleLake, type SampleLake } from '../src/testing/lake-in-memory.ts';
import { elsewhere, eventsOf, storyTeller, type OrderStory, type TopicRecord } from '../src/testing/sample-story.ts';

// Whatever else runs on the machine takes its time.
jest.setTimeout(120_000);

const hour = 3_600_000;
const day = 24 * hour;
const morning = Date.UTC(2026, 2, 2, 9);
const mug = { item: 'MUG', priceCents: 1000, costCents: 400, paidAfterMs: 0, quantity: 2, channel: 'web', placedAt: morning };

const at = (afterMs: number): string => new Date(morning + afterMs).toISOString();

let session: QuerySession;
let lake: SampleLake;
let scratch: string;

async function lakeOf(records: readonly TopicRecord[]): Promise<void> {
  lake = sampleLake({ orders: 1, inventory: 1, customers: 1, people: 1, payroll: 1, finance: 1 });
  for (const { topic, record } of records) {
    decodeEvent(record.value); // what no contract allows would prove nothing
    await lake.append(topic, 0, [record]);
  }
  await lake.export();
  scratch = mkdtempSync(join(tmpdir(), 'lake-kpi-'));
  session = await QuerySession.open({ lake: lake.folder, scratch }, defaultQueryLimits);
}

async function forget(): Promise<void> {
  session.connection.closeSync();
  rmSync(scratch, { recursive: true });
  await lake.remove();
}

type Row = Readonly<Record<string, unknown>>;

type Values = Readonly<Record<string, string>>;

function sqlOf(name: string, values: Values = { recorded: '2030-01-01', occurred: '2030-01-01' }): string {
  const query = [...readSqlFiles(kpiFolder), ...readSqlFiles(savedQueries)].find((each) => each.name === name);
  return query?.sql.replaceAll(/\$(\w+)/g, (_, value: string) => `'${values[value] ?? ''}'`) ?? '';
}

function rowsOf(name: string, values?: Values): Promise<readonly Row[]> {
  return asked(sqlOf(name, values));
}

async function asked(sql: string): Promise<readonly Row[]> {
  const read = await session.connection.runAndReadAll(sql);
  return read
    .getRowObjectsJson()
    .map((row) =>
      Object.fromEntries(
        Object.entries(row).map(([name, value]) => [
          name,
          typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value,
        ]),
      ),
    );
}

describe('figures of two companies in one lake', () => {
  const ours: OrderStory = {
    ...mug,
    orderId: 'direct:1',
    customer: 'ann',
    shippedAfterMs: 3 * hour,
    refundedAfterMs: 2 * day,
    short: true,
  };
  const theirs: OrderStory = { ...mug, orderId: 'direct:1', quantity: 5, customer: 'ann', shippedAfterMs: 30 * hour };

  const earned = storyTeller({ orderId: 'direct:1', placedAt: morning });
  for (const part of ['first', 'second'])
    earned('commission.earned', `direct:1/${part}`, 0, {
      ...{ orderId: 'direct:1', employeeId: 'eve', staff: 'web:1', period: '2026-03', amount: '1', total: '1', base: '20', rate: '0.05' },
      currency: 'EUR',
    });

  beforeAll(() => {
    const there = [...eventsOf(theirs), ...earned.records()].map(elsewhere);
    return lakeOf([...eventsOf(ours), ...earned.records(), ...there]);
  });
  afterAll(forget);

  it('have each order once', async () => {
    const sql = 'SELECT tenant, status, total, received, refunded, pieces FROM orders ORDER BY tenant';
    expect(await asked(sql)).toEqual([
      { tenant: 'demo', status: 'shipped', total: 24, received: 24, refunded: 24, pieces: 2 },
      { tenant: 'other', status: 'shipped', total: 60, received: 60, refunded: 0, pieces: 5 },
    ]);
    expect(await asked('SELECT net FROM order_lines ORDER BY tenant')).toEqual([{ net: 20 }, { net: 50 }]);
    expect(await asked('FROM shipments')).toHaveLength(2);
  });

  it.each([
    [
      'gross-margin',
      [
        { pieces: 0, sales: 0, cost: 0 },
        { currency: 'USD', pieces: 5, sales: 50, cost: 20 },
      ],
    ],
    ['same-day-shipping', [{ shipped_same_day: 1 }, { shipped_same_day: 0 }]],
    ['shipping-promise', [{ kept: 1 }, { kept: 0 }]],
    ['refund-rate', [{ orders_share: 1 }, { orders_share: 0, received: 60 }]],
    ['days-to-cash', [{ currency: 'EUR' }, { currency: 'USD' }]],
    [
      'new-and-returning',
      [
        { customer: 'new', total: 24 },
        { customer: 'new', total: 60 },
      ],
    ],
    [
      'stock-cover',
      [
        { on_hand: 0, value: 0, currency: 'EUR' },
        { on_hand: -5, value: -20, currency: 'USD' },
      ],
    ],
    ['stock-by-item', [{ on_hand: 0 }, { on_hand: -5 }]],
    ['stock-as-of', [{ on_hand: 0 }, { on_hand: -5 }]],
    ['orders-as-of', [{ last_event: 'order.refunded' }, { last_event: 'order.shipped' }]],
  ])('%s', async (name, expected) => {
    const rows = await rowsOf(name);
    expect(rows.map(({ tenant }) => tenant)).toEqual(['demo', 'other']);
    expect(rows).toMatchObject(expected);
  });

  it('are explained one company after the other', async () => {
    const timeline = await rowsOf('order-timeline', { order: 'direct:1' });
    const own = (tenant: string): number => timeline.filter((row) => row['tenant'] === tenant).length;
    expect([own('demo'), own('other')]).toEqual([eventsOf(ours).length + 2, eventsOf(theirs).length + 2]);
    expect(timeline.map(({ tenant }) => tenant)).toEqual(timeline.map(({ tenant }) => tenant).sort());

    const entry = await rowsOf('behind-event', { event: 'direct:1-payment' });
    const behind = (tenant: string) => entry.filter((row) => row['tenant'] === tenant).map(({ step, event }) => [step, event]);
    expect(behind('demo')).toEqual([
      [0, 'journal.posted/1'],
      [1, 'order.paid/1'],
      [2, 'order.confirmed/1'],
      [3, 'stock.reserved/1'],
      [4, 'stock.short/1'],
      [5, 'order.placed/1'],
    ]);
    expect(behind('other')).toHaveLength(5);

    expect(await rowsOf('explain-customer', { customer: 'sub_ann' })).toMatchObject([
      { tenant: 'demo', total_so_far: 0 },
      { tenant: 'other', total_so_far: 60 },
    ]);
    const slips = await ask(lake.folder, sqlOf('explain-payslip', { employee: 'eve', period: '2026-03' }), { personal: 'shown' });
    expect(slips.table.map(({ tenant, commission_so_far: soFar }) => [tenant, Number(soFar)])).toEqual([
      ['demo', 1],
      ['demo', 2],
      ['other', 1],
      ['other', 2],
    ]);
    const movements = await rowsOf('explain-stock', { item: 'MUG' });
    expect(movements.map(({ tenant, begun_by }) => [tenant, begun_by])).toEqual([
      ['demo', 'order.placed orders/0/0'],
      ['demo', 'order.placed orders/0/0'],
      ['other', expect.stringContaining('order.placed orders/0/')],
    ]);
    expect(movements.at(-1)).not.toMatchObject({ begun_by: 'order.placed orders/0/0' });
  });

  it('are drawn apart', async () => {
    const rows = (await rowsOf('refund-rate')) as readonly PlotRow[];
    const query = readSqlFiles(kpiFolder).find(({ name }) => name === 'refund-rate');
    const svg = await drawSvg(query ?? raise(), rows);
    expect(svg).toContain('>other<');
    expect(await drawSvg(query ?? raise(), rows.slice(0, 1))).not.toContain('>demo<');
  });

  it('have balances of their own', async () => {
    const whole = await asked('SELECT tenant, balance FROM (' + sqlOf('trial-balance') + ") WHERE account = 'all' ORDER BY tenant");
    expect(whole).toEqual([
      { tenant: 'demo', balance: 0 },
      { tenant: 'other', balance: 0 },
    ]);
  });
});

describe('figures of orders that went another way', () => {
  const line = { lineId: 'l', item: 'MUG', quantity: '2' };
  const zero = { net: { shop: '0' }, tax: { shop: '0' } };

  /** Of two mugs for 20 without tax. */
  function order(orderId: string, over: Partial<EventData<'order.placed'>> = {}, shippable = true, item: string | null = 'MUG') {
    const none = { shop: '0' };
    const content: EventData<'order.placed'>['content'] = {
      ...{ shipping: zero, duties: zero, fees: zero, tip: none, rounding: none, total: { shop: '24' } },
      lines: [
        {
          ...{ ...line, item, title: 'Mug', shippable, giftCard: !shippable, discount: none },
          ...{ unitPrice: { shop: '10' }, net: { shop: '20' }, tax: { shop: '4' } },
        },
      ],
    };
    const told = storyTeller({ orderId, placedAt: morning });
    told('order.placed', orderId, 0, {
      ...{ orderId, channel: 'web', channelOrderId: orderId, number: orderId, placedAt: at(0), test: false, hold: null, content },
      ...{ currencies: { shop: 'EUR', presentment: 'EUR' }, customer: null, staffId: null, locationId: null, personal: null, ...over },
    });
    return Object.assign(told, {
      content,
      paid: (amount: string, received: string, complete: boolean, after = 0) =>
        told('order.paid', orderId, after, { orderId, amount, received, currency: 'EUR', complete }),
      completed: () => told('order.completed', orderId, 4 * hour, { orderId }),
      shipped: (quantity: string, complete: boolean) => {
        const goods = { lineId: 'l', item: 'MUG', quantity };
        const shipment = { orderId, shipmentId: `${orderId}-s`, shippedAt: at(hour), locationId: 'main', lines: [goods], complete };
        told('order.shipped', orderId, hour, { ...shipment, tracking: { company: null, numbers: [], urls: [] } });
        const cost = String(4 * Number(quantity));
        told('stock.shipped', orderId, hour, {
          ...{ orderId, shipmentId: `${orderId}-s`, cost, currency: 'EUR' },
          lines: [{ ...goods, location: 'main', reserved: [], found: '0', cost }],
        });
      },
      refunded: (quantity: string, restock: 'none' | 'cancel' | 'return') => {
        const refund = { orderId, refundId: `${orderId}-r`, at: at(2 * hour) };
        const net = String(10 * Number(quantity));
        const money = String(12 * Number(quantity));
        const lines = [{ lineId: 'l', quantity, net, tax: String(2 * Number(quantity)) }];
        told('order.refunded', orderId, 2 * hour, { ...refund, currency: 'EUR', money, lines, shipping: zero, adjustment: zero });
        told('order.returned', orderId, 2 * hour, {
          ...refund,
          lines: [{ lineId: 'l', item: 'MUG', quantity, restock, locationId: null }],
        });
      },
    });
  }

  beforeAll(async () => {
    const card = order('card', {}, false);
    card.paid('24', '24', true);
    card.completed();
    const half = order('half');
    half.paid('24', '24', true);
    half.shipped('1', false);
    half.refunded('1', 'cancel');
    half.completed();
    const lost = order('lost');
    lost.shipped('2', true);
    lost.refunded('1', 'none');
    const bounced = order('bounced');
    bounced.paid('24', '24', true);
    bounced.paid('-24', '0', false, day);
    bounced('order.confirmed', 'bounced', day, { orderId: 'bounced' });
    bounced('order.backordered', 'bounced', day, { orderId: 'bounced', lines: [{ lineId: 'l', item: 'MUG', missing: '2' }] });
    bounced('order.confirmed', 'bounced', 2 * day, { orderId: 'bounced' });
    const held = order('held', { hold: [{ code: 'line-without-item', lineId: 'l', message: 'which mug?' }] }, true, null);
    const content = { ...held.content, lines: held.content.lines.map((each) => ({ ...each, item: 'MUG' })) };
    held('order.released', 'held', hour, { orderId: 'held', content });
    const test = order('test', { test: true });
    test.shipped('2', true);
    await lakeOf([card, half, lost, bounced, held, test].flatMap((told) => told.records()));
  });
  afterAll(forget);

  it('what never left is no sale that was taken back, what was kept is', async () => {
    // half: one of two, nothing of it refunded; lost: two, one of them refunded and not back.
    expect(await rowsOf('gross-margin')).toMatchObject([{ pieces: 3, sales: 20, cost: 12, margin: 8 }]);
  });

  it('an order with nothing to ship is not late, one whose rest was refunded is shipped', async () => {
    expect(await rowsOf('same-day-shipping')).toMatchObject([{ orders: 4, shipped_same_day: 2, share: 0.5 }]);
    expect(await rowsOf('shipping-promise')).toMatchObject([{ orders: 4, shipped: 2, median_hours: 1 }]);
  });

  it('money that was taken back is still open', async () => {
    expect(await rowsOf('days-to-cash')).toMatchObject([{ orders: 5, paid: 2, still_open: 72 }]);
  });

  it('an order that got its stock after all is confirmed, a released one waits to be', async () => {
    const sql = "SELECT order_id, status FROM orders WHERE order_id IN ('bounced', 'held') ORDER BY order_id";
    expect(await asked(sql)).toEqual([
      { order_id: 'bounced', status: 'confirmed' },
      { order_id: 'held', status: 'placed' },
    ]);
  });

  it('a released line has the item that was chosen', async () => {
    expect(await asked("SELECT item FROM order_lines WHERE order_id = 'held'")).toEqual([{ item: 'MUG' }]);
  });
});

function raise(): never {
  throw new Error('there is no such figure');
}
