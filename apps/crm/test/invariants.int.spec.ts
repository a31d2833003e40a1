import { contactOf } from '@instep/contracts';
import type { EventData } from '@instep/contracts';
import { incoming, noCharge } from '@instep/testkit/department';
import { serviceOnPostgres } from '@instep/testkit/service';
import type { ServiceOnPostgres } from '@instep/testkit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { service } from '../src/crm.module.ts';
import { orderPlaced } from './order-events.ts';

let crm: ServiceOnPostgres;

function placedBy(orderId: string, person: { email?: string; phone?: string }, given: Partial<EventData<'order.placed'>> = {}) {
  return orderPlaced({ orderId, channelOrderId: orderId, customer: contactOf('demo', person), ...given });
}

beforeAll(async () => {
  crm = await serviceOnPostgres(service);
  const refund = {
    orderId: 'sample:1',
    refundId: 'r1',
    at: '2026-01-05T00:00:00Z',
    currency: 'EUR',
    lines: [],
    shipping: noCharge,
    adjustment: noCharge,
    money: '9.90',
  };
  await crm.hear(
    placedBy('sample:1', { email: 'ada@example.org' }),
    placedBy('sample:2', { phone: '+49 30 1234567' }),
    // One person after all: the second record is merged into the first.
    placedBy('sample:3', { email: 'ada@example.org', phone: '+49 30 1234567' }),
    placedBy('sample:4', { email: 'test@example.org' }, { test: true }),
    orderPlaced({ orderId: 'sample:5', customer: null }),
    incoming('order.refunded', refund, { subject: 'sample:1' }),
  );
});
afterAll(() => crm.close());

async function customer(merged: boolean): Promise<string> {
  const rows = await crm.query<{ id: string }>(
    `SELECT customer_id AS id FROM customer WHERE (merged_into IS NOT NULL) = ${String(merged)}`,
  );
  expect(rows).toHaveLength(1);
  return rows[0]?.id ?? '';
}

describe('the invariants of customers', () => {
  it('hold for customers that crm keeps itself', async () => {
    expect(await customer(true)).not.toBe(await customer(false));
    expect(await crm.violations()).toEqual({});
  });

  it('find an order that counts for nobody', async () => {
    expect(await crm.violationsAfter('DELETE FROM customer_identity')).toEqual({
      'orders-have-a-customer': ['demo/sample:1', 'demo/sample:2', 'demo/sample:3'],
    });
  });

  it('find an order that counts for somebody who was merged away', async () => {
    const merged = await customer(true);
    expect(await crm.violationsAfter(`UPDATE customer_identity SET customer_id = '${merged}'`)).toEqual({
      'merged-into-somebody': [`demo/${merged}`],
      'orders-have-a-customer': ['demo/sample:1', 'demo/sample:2', 'demo/sample:3'],
    });
  });

  it('find a refund that does not add up', async () => {
    expect(await crm.violationsAfter(`UPDATE customer_order SET refunded = 10 WHERE order_id = 'sample:1'`)).toEqual({
      'refunds-add-up': ['demo/sample:1'],
    });
  });

  it('find a record that is not what its stream says', async () => {
    const merged = await customer(true);
    expect(await crm.violationsAfter(`UPDATE customer SET merged_into = NULL`)).toEqual({ 'customers-as-streams': [`demo/${merged}`] });
    expect(await crm.violationsAfter(`DELETE FROM customer WHERE customer_id = '${merged}'`)).toEqual({
      'customers-as-streams': [`demo/${merged}`],
    });
  });

  it('find somebody who was merged into nobody', async () => {
    const merged = await customer(true);
    expect(await crm.violationsAfter(`UPDATE customer SET merged_into = 'cus_nobody' WHERE customer_id = '${merged}'`)).toEqual({
      'customers-as-streams': [`demo/${merged}`],
      'merged-into-somebody': [`demo/${merged}`],
    });
  });
});
