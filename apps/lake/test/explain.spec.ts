import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { defaultQueryLimits } from '../src/query/limits.ts';
import { QuerySession } from '../src/query/query-session.ts';
import { savedQueries } from '../src/saved/folders.ts';
import { readSqlFiles } from '../src/saved/sql-file.ts';
import { sampleLake, type SampleLake } from '../src/testing/lake-in-memory.ts';
import { eventsOf, storyTeller } from '../src/testing/sample-story.ts';

// Each question starts a process; a busy machine takes its time.
jest.setTimeout(120_000);

const hour = 3_600_000;
const start = Date.UTC(2026, 2, 2, 9);
const mug = { item: 'MUG', quantity: 2, priceCents: 1000, costCents: 400, channel: 'web', customer: 'ann', paidAfterMs: 0 };

let lake: SampleLake;
let scratch: string;
let session: QuerySession;

beforeAll(async () => {
  lake = sampleLake({ orders: 1, inventory: 1, customers: 1, people: 1, payroll: 1, finance: 1 });
  const firm = storyTeller({ orderId: 'firm', placedAt: start - 24 * hour });
  firm(
    'stock.received',
    'MUG',
    0,
    { item: 'MUG', location: 'main', quantity: '10', cost: '40', currency: 'EUR', reference: null },
    { actor: 'user/eve' },
  );
  firm('employee.hired', 'eve', 0, {
    ...{ employeeId: 'eve', subject: 'sub_eve', hiredAt: new Date(start).toISOString(), staff: ['web:1'], salary: '3000', currency: 'EUR' },
    ...{ commissionRate: '0.05', personal: null },
  });
  firm('commission.earned', 'one', 25 * hour, {
    ...{
      orderId: 'one',
      employeeId: 'eve',
      staff: 'web:1',
      period: '2026-03',
      amount: '1',
      total: '1',
      base: '20',
      rate: '0.05',
      currency: 'EUR',
    },
  });
  const told = [
    ...firm.records(),
    ...eventsOf({ ...mug, orderId: 'one', placedAt: start, shippedAfterMs: hour }),
    ...eventsOf({ ...mug, orderId: 'two', placedAt: start + 10 * hour, shippedAfterMs: hour, refundedAfterMs: 5 * hour }),
  ];
  for (const { topic, record } of told) await lake.append(topic, 0, [record]);
  await lake.export();
  scratch = mkdtempSync(join(tmpdir(), 'lake-explain-'));
  session = await QuerySession.open({ lake: lake.folder, scratch }, { ...defaultQueryLimits, personal: 'shown' });
});

afterAll(async () => {
  session.connection.closeSync();
  rmSync(scratch, { recursive: true });
  await lake.remove();
});

async function ask(name: string, values: Record<string, string>): Promise<readonly Record<string, unknown>[]> {
  const query = readSqlFiles(savedQueries).find((each) => each.name === name);
  return (await session.connection.runAndReadAll(query?.sql ?? '', values)).getRowObjectsJson();
}

describe('the lake explains', () => {
  it('an entry of the ledger, up to what began it', async () => {
    const behind = await ask('behind-event', { event: 'one-shipment' });
    expect(behind.map(({ step, event }) => [step, event])).toEqual([
      [0, 'journal.posted/1'],
      [1, 'stock.shipped/1'],
      [2, 'order.shipped/1'],
      [3, 'journal.posted/1'],
      [4, 'order.paid/1'],
      [5, 'order.confirmed/1'],
      [6, 'stock.reserved/1'],
      [7, 'order.placed/1'],
    ]);
  });

  it('all that one event touched, and nothing of another order', async () => {
    const [first] = await ask('order-timeline', { order: 'two' });
    expect(first).toMatchObject({ type: 'order.placed' });
    const read = await session.connection.runAndReadAll("SELECT id FROM order_placed WHERE order_id = 'two'");
    const touched = await ask('touched-by-event', { event: read.getRowsJson()[0]?.[0] as string });
    expect(touched).toHaveLength(
      eventsOf({ ...mug, orderId: 'two', placedAt: start, shippedAfterMs: hour, refundedAfterMs: 5 * hour }).length,
    );
    expect(touched.at(-1)).toMatchObject({ event: 'journal.posted/1', source: 'instep/finance' });
    expect(await ask('touched-by-event', { event: String(first?.['position']) })).toEqual(touched);
  });

  it('any line that another question gives, up to what began it', async () => {
    const entry = await ask('behind-event', { event: 'one-shipment' });
    expect(await ask('behind-event', { event: String(entry[0]?.['position']) })).toEqual(entry);
    const [, commission] = await ask('explain-payslip', { employee: 'eve', period: '2026-03' });
    const behind = await ask('behind-event', { event: String(commission?.['position']) });
    expect(behind.map(({ event }) => event)).toEqual(['commission.earned/1', 'employee.hired/1', 'stock.received/1']);
  });

  it('a stock figure: the movements give it', async () => {
    const movements = await ask('explain-stock', { item: 'MUG' });
    expect(movements.map(({ kind, on_hand }) => [kind, Number(on_hand)])).toEqual([
      ['received', 10],
      ['shipped', 8],
      ['shipped', 6],
      ['restocked', 8],
    ]);
    expect(movements[0]).toMatchObject({ actor: 'user/eve', begun_by: expect.stringContaining('stock.received inventory/0/0') });
  });

  it('the total of a customer, and a payslip', async () => {
    const orders = await ask('explain-customer', { customer: 'sub_ann' });
    expect(orders.map(({ order_id, kept, total_so_far }) => [order_id, Number(kept), Number(total_so_far)])).toEqual([
      ['one', 24, 24],
      ['two', 0, 24],
    ]);
    const slip = await ask('explain-payslip', { employee: 'eve', period: '2026-03' });
    expect(slip.map(({ type, amount }) => [type, Number(amount)])).toEqual([
      ['employee.hired', 3000],
      ['commission.earned', 1],
    ]);
  });
});

describe('as of a moment', () => {
  const at = (ms: number): string => new Date(start + ms).toISOString();

  it('the lake knows what was recorded by then, and nothing later', async () => {
    const known = async (recorded: string, occurred: string) =>
      (await ask('stock-as-of', { recorded, occurred })).map(({ on_hand }) => Number(on_hand));
    expect(await known(at(0), at(0))).toEqual([10]);
    expect(await known(at(2 * hour), at(2 * hour))).toEqual([8]);
    expect(await known(at(20 * hour), at(20 * hour))).toEqual([8]);
    // Known today, of what had happened by noon.
    expect(await known(at(99 * hour), at(2 * hour))).toEqual([8]);
    expect(await known(at(99 * hour), at(12 * hour))).toEqual([6]);
    // The event happened; its record came 50 ms later.
    expect(await known(at(hour + 200 + 10), at(99 * hour))).toEqual([10]);
  });

  it('there is nothing before the first event, and everything after the last', async () => {
    expect(await ask('stock-as-of', { recorded: '1990-01-01', occurred: '1990-01-01' })).toEqual([]);
    expect(await ask('ledger-as-of', { recorded: '2099-01-01', occurred: '2099-01-01' })).toEqual(
      (
        await session.connection.runAndReadAll('SELECT tenant, currency, account, balance, lines FROM trial_balance ORDER BY ALL')
      ).getRowObjectsJson(),
    );
    expect(
      (await ask('orders-as-of', { recorded: at(hour), occurred: at(hour) })).map(({ order_id, last_event }) => [order_id, last_event]),
    ).toEqual([['one', 'order.paid']]);
  });
});
