import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { decodeEvent } from '@instep/contracts';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';

import { defaultQueryLimits } from '../src/query/limits.ts';
import { QuerySession } from '../src/query/query-session.ts';
import { kpiFolder, savedQueries } from '../src/saved/folders.ts';
import { readSqlFiles } from '../src/saved/sql-file.ts';
import { plotOf } from '../src/kpi/plot-note.ts';
import { sampleLake, type SampleLake } from '../src/testing/lake-in-memory.ts';
import { eventsOf, storyTeller, type OrderStory } from '../src/testing/sample-story.ts';

// Each question starts a process; a busy machine takes its time.
jest.setTimeout(120_000);

const hour = 3_600_000;
const day = 24 * hour;
const morning = Date.UTC(2026, 2, 2, 9);

const mug = { item: 'MUG', priceCents: 1000, costCents: 400, paidAfterMs: 0, quantity: 1, channel: 'web', placedAt: morning };
/** Four orders of two days, small enough to work out every figure by hand. */
const stories: readonly OrderStory[] = [
  { ...mug, orderId: 'one', quantity: 2, customer: 'ann', shippedAfterMs: 3 * hour },
  { ...mug, orderId: 'two', channel: 'pos', customer: 'bob', shippedAfterMs: 30 * hour, short: true, paidAfterMs: 2 * day },
  { ...mug, orderId: 'three', placedAt: morning + day, customer: 'ann', shippedAfterMs: 2 * hour, refundedAfterMs: 2 * day },
  { ...mug, orderId: 'four', placedAt: morning + day, customer: null },
];

let lake: SampleLake;
let scratch: string;
let session: QuerySession;

beforeAll(async () => {
  lake = sampleLake({ orders: 1, inventory: 1, customers: 1, people: 1, payroll: 1, finance: 1 });
  const other = storyTeller({ orderId: 'firm', placedAt: morning - day });
  other(
    'stock.received',
    'MUG',
    0,
    { item: 'MUG', location: 'main', quantity: '10', cost: '40', currency: 'EUR', reference: null },
    { actor: 'user/eve' },
  );
  other('payroll.approved', '2026-03', 29 * day, {
    ...{ runId: '2026-03', period: '2026-03', currency: 'EUR', approvedBy: 'eve', salaries: '300', commissions: '1', total: '301' },
    lines: [{ employeeId: 'eve', salary: '300', commission: '1', total: '301' }],
  });
  for (const { topic, record } of [...other.records(), ...stories.flatMap(eventsOf)]) {
    decodeEvent(record.value); // what no contract allows would prove nothing
    await lake.append(topic, 0, [record]);
  }
  await lake.export();
  scratch = mkdtempSync(join(tmpdir(), 'lake-kpi-'));
  session = await QuerySession.open({ lake: lake.folder, scratch }, defaultQueryLimits);
});

afterAll(async () => {
  session.connection.closeSync();
  rmSync(scratch, { recursive: true });
  await lake.remove();
});

async function rowsOf(name: string): Promise<readonly unknown[]> {
  const query = readSqlFiles(kpiFolder).find((each) => each.name === name);
  const read = await session.connection.runAndReadAll(query?.sql ?? '');
  return read
    .getRowsJson()
    .map((row) => row.map((value) => (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value) ? Number(value) : value)));
}

describe('the figures of a small history', () => {
  it.each([
    [
      'same-day-shipping',
      [
        ['2026-03-02', 'demo', 'pos', 1, 0, 0],
        ['2026-03-02', 'demo', 'web', 1, 1, 1],
        ['2026-03-03', 'demo', 'web', 2, 1, 0.5],
      ],
    ],
    // The fourth is open, and the newest event is more than a day later.
    [
      'shipping-promise',
      [
        ['2026-03-02', 'demo', 2, 2, 16.5, 27.3, 0.5],
        ['2026-03-03', 'demo', 2, 1, 2, 2, 0.5],
      ],
    ],
    ['stock-outs', [['2026-03-02', 'demo', 'MUG', 1, 1]]],
    // 10 received, 4 shipped, 1 back; four days from the receipt to the return.
    ['stock-cover', [['demo', 'MUG', 7, 28, 'EUR', 4, 1, 7]]],
    [
      'gross-margin',
      [
        ['demo', 'MUG', 'pos', 'EUR', 1, 10, 4, 6, 0.6],
        ['demo', 'MUG', 'web', 'EUR', 2, 20, 8, 12, 0.6],
      ],
    ],
    [
      'refund-rate',
      [
        ['2026-03-02', 'demo', 'EUR', 2, 0, 0, 36, 0, 0],
        ['2026-03-03', 'demo', 'EUR', 2, 1, 0.5, 24, 12, 0.5],
      ],
    ],
    [
      'new-and-returning',
      [
        ['2026-03-02', 'demo', 'new', 'EUR', 2, 36],
        ['2026-03-03', 'demo', 'returning', 'EUR', 1, 12],
        ['2026-03-03', 'demo', 'unknown', 'EUR', 1, 12],
      ],
    ],
    [
      'days-to-cash',
      [
        ['2026-03-02', 'demo', 'EUR', 2, 2, 1, 1.8, null],
        ['2026-03-03', 'demo', 'EUR', 2, 2, 0, 0, null],
      ],
    ],
    ['labour-cost', [[expect.anything(), 'demo', 'EUR', 300, 1, 4, 75.25]]],
  ])('%s', async (name, expected) => {
    expect(await rowsOf(name)).toEqual(expected);
  });

  it('without-a-person', async () => {
    const received = (await rowsOf('without-a-person'))[0];
    expect(received).toEqual(['2026-03-01', 'demo', 'inventory', 1, 0, 0, 0]);
  });

  it('each have an owner, a unit, a grain and a plot that fits their columns', async () => {
    for (const query of readSqlFiles(kpiFolder)) {
      const read = await session.connection.runAndReadAll(query.sql);
      const plot = plotOf(query);
      expect(read.columnNames()).toEqual(expect.arrayContaining([plot.x, ...plot.y, ...(plot.color === undefined ? [] : [plot.color])]));
    }
    expect(readSqlFiles(savedQueries).length).toBeGreaterThan(0);
  });
});
