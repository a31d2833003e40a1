import type { ServiceName } from '@instep/contracts';

import { textTable } from '../figures/text-table.ts';
import type { Expected } from '../load/order-bodies.ts';
import type { RunningSystem } from '../running-system.ts';

interface Check {
  readonly what: string;
  readonly service: ServiceName;
  readonly sql: string;
  readonly expected: (all: Expected) => number;
}

const none = (): number => 0;

const checks: readonly Check[] = [
  { what: 'orders', service: 'order-intake', sql: 'SELECT count(*) FROM order_summary', expected: ({ orders }) => orders },
  {
    what: 'orders confirmed and paid',
    service: 'order-intake',
    sql: `SELECT count(*) FROM order_summary WHERE status = 'confirmed' AND payment = 'paid'`,
    expected: ({ orders }) => orders,
  },
  {
    what: 'orders with a reservation',
    service: 'inventory',
    sql: 'SELECT count(DISTINCT order_id) FROM reservation_line WHERE reserved > 0',
    expected: ({ orders }) => orders,
  },
  {
    what: 'units reserved, by order',
    service: 'inventory',
    sql: 'SELECT sum(reserved) AS count FROM reservation_line',
    expected: ({ units }) => units,
  },
  {
    what: 'units reserved, by item',
    service: 'inventory',
    sql: 'SELECT sum(reserved) AS count FROM stock_level',
    expected: ({ units }) => units,
  },
  {
    what: 'payment journals',
    service: 'finance',
    sql: `SELECT count(DISTINCT journal_id) FROM journal_line WHERE kind = 'payment'`,
    expected: ({ orders }) => orders,
  },
  {
    what: 'orders with a payment journal',
    service: 'finance',
    sql: `SELECT count(DISTINCT order_id) FROM journal_line WHERE kind = 'payment'`,
    expected: ({ orders }) => orders,
  },
  {
    what: 'money received, hundredths',
    service: 'finance',
    sql: `SELECT sum(amount) * 100 AS count FROM journal_line WHERE kind = 'payment' AND amount > 0`,
    expected: ({ paid }) => paid,
  },
  {
    what: 'journals that do not balance',
    service: 'finance',
    sql: 'SELECT count(*) FROM (SELECT 1 FROM journal_line GROUP BY tenant, journal_id, currency HAVING sum(amount) <> 0) unbalanced',
    expected: none,
  },
  { what: 'customers', service: 'crm', sql: 'SELECT count(*) FROM customer WHERE merged_into IS NULL', expected: ({ orders }) => orders },
  {
    what: 'orders with commission',
    service: 'hr',
    sql: 'SELECT count(*) FROM order_commission WHERE employee_id IS NOT NULL AND total > 0',
    expected: ({ withStaff }) => withStaff,
  },
];

export interface Checked {
  readonly table: string;
  readonly good: boolean;
}

/** Whether anything is missing or double: what the departments hold against what was sent. */
export async function check(running: RunningSystem, sent: Expected, refused: number): Promise<Checked> {
  const figures = await Promise.all(
    checks.map(async ({ what, service, sql, expected }) => ({
      what: `${what} (${service})`,
      found: await running.count(service, sql),
      expected: expected(sent),
    })),
  );
  const kept = (await running.recordsByTopic()).get('raw.shopify') ?? 0;
  const parked = await inAll(running, 'SELECT count(*) FROM parked_event');
  const unsent = await inAll(running, 'SELECT count(*) FROM outbox');
  const all = [
    { what: 'webhooks not answered with 200', found: refused, expected: 0 },
    { what: 'webhooks kept raw', found: kept, expected: sent.orders },
    ...figures,
    { what: 'records parked', found: parked, expected: 0 },
    { what: 'events not sent', found: unsent, expected: 0 },
  ];
  const rows = all.map(({ what, found, expected }) => [
    what,
    found.toLocaleString('en'),
    expected.toLocaleString('en'),
    found === expected ? 'right' : 'WRONG',
  ]);
  return { table: textTable(['what', 'found', 'expected', ''], rows), good: all.every(({ found, expected }) => found === expected) };
}

async function inAll(running: RunningSystem, sql: string): Promise<number> {
  const counts = await Promise.all(running.system.services.map(({ name }) => running.count(name, sql)));
  return counts.reduce((sum, each) => sum + each, 0);
}
