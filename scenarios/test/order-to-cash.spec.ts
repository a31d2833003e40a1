import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { balancesOf, unbalanced } from '../src/books.ts';
import { startCompany } from '../src/company.ts';
import type { Company } from '../src/company.ts';
import { violatedInvariants } from '../src/invariants.ts';
import { emailOf, newOrder, orderIdOf, stockUp } from '../src/sample.ts';

describe('a shop and its departments', () => {
  let company: Company;
  beforeAll(async () => {
    company = await startCompany();
  }, 120_000);
  afterAll(async () => {
    await (company as Company | undefined)?.stop();
  }, 60_000);

  async function stockOf(item: string): Promise<{ onHand: string; reserved: string; available: string }> {
    const { body } = await company.get<{ items: { onHand: string; reserved: string; available: string }[] }>(
      'inventory',
      `/stock?item=${item}`,
    );
    const [level = { onHand: '0', reserved: '0', available: '0' }] = body.items;
    return { onHand: level.onHand, reserved: level.reserved, available: level.available };
  }

  it('takes an order from the shop to the ledger, through every department', async () => {
    await stockUp(company, 'MUG', '10');
    const order = newOrder({ lines: [{ sku: 'MUG', price: '10.00', quantity: 2 }], taxRate: 0.1 });
    expect(await company.webhook('orders/create', order.body())).toBe(200);
    const paid = order.paid('2026-03-01T10:05:00Z');
    expect(await company.webhook('orders/paid', paid.body())).toBe(200);
    await company.settled();

    const id = orderIdOf(order);
    const { body: list } = await company.get<{ items: { orderId: string; status: string }[] }>(
      'order-intake',
      `/orders?channel=sample&channelOrderId=${String(order.state.settings.id)}`,
    );
    expect(list.items).toMatchObject([{ orderId: id, status: 'confirmed' }]);
    expect(await stockOf('MUG')).toEqual({ onHand: '10', reserved: '2', available: '8' });
    expect(await balancesOf(company, id)).toEqual({ '1000': '27.5', '2000': '-27.5' });

    const shipped = paid.shipped('2026-03-02T09:00:00Z');
    expect(await company.webhook('fulfillments/create', shipped.fulfillmentBody())).toBe(200);
    await company.settled();
    expect(await stockOf('MUG')).toEqual({ onHand: '8', reserved: '0', available: '8' });
    expect(await balancesOf(company, id)).toEqual({
      '1000': '27.5',
      '1200': '-8',
      '2100': '-2.5',
      '4000': '-20',
      '4100': '-5',
      '5000': '8',
    });

    const { body: history } = await company.get<{ items: { type: string }[] }>('order-intake', `/orders/${id}/history`);
    expect(history.items.map(({ type }) => type)).toEqual([
      'order.placed',
      'order.paid',
      'order.confirmed',
      'order.shipped',
      'order.completed',
    ]);
    const { body: customers } = await company.get<{ items: { customerId: string }[] }>(
      'crm',
      `/customers?email=${encodeURIComponent(emailOf(order))}`,
    );
    expect(customers.items).toHaveLength(1);
    const { body: journals } = await company.get<{ items: { causedBy: string; kind: string }[] }>(
      'finance',
      `/journals?orderId=${encodeURIComponent(id)}`,
    );
    expect(journals.items.map(({ kind }) => kind).sort()).toEqual(['cost-of-goods', 'payment', 'shipment']);
    expect(journals.items.every(({ causedBy }) => causedBy !== '')).toBe(true);
    expect(await unbalanced(company)).toEqual([]);
  }, 120_000);

  it('fills a backorder by itself when goods come in', async () => {
    await stockUp(company, 'LAMP', '1');
    const order = newOrder({ lines: [{ sku: 'LAMP', price: '30.00', quantity: 3 }] }).paid('2026-03-01T10:05:00Z');
    await company.webhook('orders/create', order.body());
    await company.settled();
    const id = orderIdOf(order);
    expect((await company.get<{ status: string }>('order-intake', `/orders/${id}`)).body.status).toBe('backordered');
    await stockUp(company, 'LAMP', '5');
    await company.settled();
    expect((await company.get<{ status: string }>('order-intake', `/orders/${id}`)).body.status).toBe('confirmed');
    expect(await stockOf('LAMP')).toEqual({ onHand: '6', reserved: '3', available: '3' });
  }, 60_000);

  it('reverses to the cent what is cancelled and refunded after shipment', async () => {
    await stockUp(company, 'PEN', '100', { unitCost: '0.37' });
    const shipped = newOrder({ lines: [{ sku: 'PEN', price: '1.99', quantity: 7 }], taxRate: 0.0825, discount: '1.01' })
      .paid('2026-03-01T10:05:00Z')
      .shipped('2026-03-02T09:00:00Z');
    await company.webhook('orders/create', shipped.body());
    await company.settled();
    const cancelled = shipped.cancelled('2026-03-03T09:00:00Z');
    await company.webhook('orders/cancelled', cancelled.body());
    await company.settled();
    const id = orderIdOf(shipped);
    expect(await balancesOf(company, id)).toEqual({});
    expect(await stockOf('PEN')).toEqual({ onHand: '100', reserved: '0', available: '100' });
    const { body: found } = await company.get<{ items: { customerId: string }[] }>(
      'crm',
      `/customers?email=${encodeURIComponent(emailOf(shipped))}`,
    );
    const { body: customer } = await company.get<{ spend: readonly Record<string, unknown>[]; orders: readonly Record<string, unknown>[] }>(
      'crm',
      `/customers/${found.items[0]?.customerId ?? ''}`,
    );
    // 7 × 1.99 less 1.01, with 8.25 % tax on goods and shipping: (12.92 + 5.00) × 1.0825.
    expect(customer.spend).toEqual([{ currency: 'USD', orders: 1, received: '19.40', refunded: '19.40', spend: '0.00' }]);
    expect(customer.orders).toHaveLength(1);
  }, 60_000);

  it('pays commission on what a staff member sold, with the salary, into the ledger', async () => {
    await stockUp(company, 'CHAIR', '10');
    const hired = await company.post('hr', '/employees', {
      hiredAt: '2026-01-01',
      staff: ['sample:799407056'],
      salary: '3000',
      currency: 'USD',
      commissionRate: '0.05',
      name: 'Sam Seller',
    });
    expect(hired.status).toBe(201);
    const sold = newOrder({ lines: [{ sku: 'CHAIR', price: '200.00' }], taxRate: 0.1, staffId: 799407056 }).paid('2026-03-05T10:00:00Z');
    await company.webhook('orders/create', sold.body());
    await company.settled();
    const run = await company.post<{ runId: string }>('hr', '/payroll-runs', { period: '2026-03' });
    expect(run.status).toBe(201);
    const approved = await company.post('hr', `/payroll-runs/${run.body.runId}/approve`, {});
    expect(approved.status).toBe(200);
    await company.settled();
    const rows = await company.query<{ account: string; amount: string }>(
      'finance',
      `SELECT account, amount::text FROM journal_line WHERE kind = 'payroll' ORDER BY account`,
    );
    expect(rows).toEqual([
      { account: '2200', amount: '-3010' },
      { account: '6000', amount: '3000' },
      { account: '6100', amount: '10' },
    ]);
  }, 60_000);

  it('breaks no invariant by any of that', async () => {
    expect(await violatedInvariants(company)).toEqual([]);
  }, 60_000);
});
