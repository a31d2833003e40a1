import { describe, expect, it } from '@jest/globals';

import { OrderProgress } from '../watch/order-progress.ts';
import { colours, noColours } from './paint.ts';
import { plainHeading, plainRows } from './plain-row.ts';
import type { Snapshot } from './snapshot.ts';
import { table } from './table.ts';
import { cut, duration, grouped, span, width } from './text.ts';

const figures = { behind: 12_345, lagSeconds: 1.25, unsent: 2, parked: 0, troubles: 0, memoryBytes: 150_000_000 };
const names = ['connectors', 'order-intake', 'inventory', 'crm', 'hr', 'finance'] as const;

const shot: Snapshot = {
  clock: '10:00:00',
  openMs: 192_000,
  seed: 42,
  orders: { ...new OrderProgress().counts, placed: 1_204, short: 60, waiting: 24 },
  customers: { count: 388, more: false },
  stock: { onHand: 12_345, reserved: 234 },
  books: [
    { currency: 'USD', groups: { asset: '123456.78', liability: '-23456.78', income: '-100000.00', expense: '0.00' }, total: '0.00' },
  ],
  latency: { orders: 118, p50Ms: 41.4, p99Ms: 1_234 },
  services: names.map((name, index) => ({
    name,
    url: `http://127.0.0.1:700${index}`,
    figures,
    awayMs: name === 'crm' ? 12_000 : undefined,
  })),
  webhooks: { orders: 1_205, taken: 5_000, refused: 0, waiting: 3 },
  logRead: true,
  newestOrder: 'sample:1764000000000',
};

const nothingYet: Snapshot = {
  ...shot,
  customers: undefined,
  stock: undefined,
  books: undefined,
  latency: undefined,
  services: names.map((name) => ({ name, url: 'http://127.0.0.1:7000', figures: undefined, awayMs: undefined })),
  newestOrder: undefined,
};

describe('the table', () => {
  it('fits a terminal of 80 columns and 24 rows', () => {
    const lines = table(shot, 80, colours);
    expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(80);
    expect(lines.length).toBeLessThanOrEqual(24);
    expect(lines.join('\n')).toContain('1,204');
  });

  it.each([20, 40, 60, 200])('keeps to %i columns', (columns) => {
    for (const lines of [table(shot, columns, colours), table(nothingYet, columns, colours)])
      expect(Math.max(...lines.map(width))).toBeLessThanOrEqual(columns);
  });

  it('says who is away, what waits, and has no colours where none are wanted', () => {
    const text = table(shot, 80, noColours).join('\n');
    expect(text).toMatch(/crm +away for 12 s {2}127\.0\.0\.1:7003/);
    expect(text).toContain('24 waiting');
    expect(text).toContain('3 webhooks got no answer and are sent again');
    expect(text).not.toContain('\u001B');
  });
});

describe('the plain rows', () => {
  it('stand under their names', () => {
    const [row = '', away] = plainRows(shot);
    expect(row).toHaveLength(plainHeading().length);
    expect(away).toContain('crm is away for 12 s');
    expect(plainRows(nothingYet)[0]).toHaveLength(plainHeading().length);
  });
});

describe('figures in words', () => {
  it('are grouped, short and cut to size', () => {
    expect([grouped(0), grouped(1_234_567), grouped('-1234567.80'), grouped(999)]).toEqual(['0', '1,234,567', '-1,234,567.80', '999']);
    expect([duration(41.4), duration(999.6), duration(1_234)]).toEqual(['41 ms', '1.0 s', '1.2 s']);
    expect([span(12_000), span(192_000), span(7_380_000)]).toEqual(['12 s', '3 min 12 s', '2 h 3 min']);
    expect(cut('abcdef', 4)).toBe('abc…');
  });
});
