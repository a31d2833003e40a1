import { departmentInMemory, incoming } from '@instep/testkit/department';
import type { DepartmentInMemory } from '@instep/testkit/department';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

import { compose } from '../src/compose.ts';
import { orderPaid, orderPlaced, orderRefunded, orderShipped } from './order-events.ts';

const orders = 25;

let finance: DepartmentInMemory;

beforeEach(async () => {
  finance = await departmentInMemory(compose());
});

afterEach(() => finance.stop());

describe('a database of finance built from the log alone', () => {
  it('is the live one, row for row and stream for stream', async () => {
    for (let n = 0; n < orders; n += 1) {
      const orderId = `sample:${String(n)}`;
      const of = { subject: orderId };
      const cost = { orderId, cost: `${String(n)}.10`, currency: 'EUR', lines: [] };
      const events = [
        orderPlaced({ orderId, channelOrderId: String(n), test: n % 7 === 0 }),
        orderPaid('77', of),
        orderShipped('s1', { a: '2' }, of),
        incoming('stock.shipped', { ...cost, shipmentId: 's1' }, of),
        ...(n % 2 > 0 ? [orderRefunded({ orderId, money: String(n) }, of)] : []),
        ...(n % 3 > 0 ? [incoming('order.cancelled', { orderId, at: '2026-01-04T00:00:00Z', reason: null, afterShipment: true }, of)] : []),
      ];
      for (const event of events) await finance.tell(event);
    }
    const goods = { item: 'TEA', location: 'A', quantity: '1', cost: '3.30', currency: 'EUR', reference: null };
    for (let n = 0; n < 5; n += 1) await finance.tell(incoming('stock.received', goods, { subject: 'TEA' }));
    await finance.sameWhenRebuilt();

    // Once more from where it stands: what comes after a comparison counts too.
    const run = {
      runId: 'run',
      period: '2026-01',
      currency: 'EUR',
      lines: [],
      salaries: '1',
      commissions: '2',
      total: '3',
      approvedBy: 'x',
    };
    await finance.tell(incoming('payroll.approved', run, { subject: 'run' }));
    await finance.sameWhenRebuilt();
    expect(finance.rows('order_facts')).toHaveLength(orders);
    expect(finance.rows('journal_line').length).toBeGreaterThan(orders * 6);
  });
});
