import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { balancesOf, unbalanced } from '../src/books.ts';
import { startCompany } from '../src/company.ts';
import type { Company } from '../src/company.ts';
import { violatedInvariants } from '../src/invariants.ts';
import { lifeOfAnOrder } from '../src/life-of-an-order.ts';
import { emailOf, orderIdOf, stockUp } from '../src/sample.ts';
import { pooled, seededRandom, shuffled } from '../src/shuffle.ts';

const seed = Number(process.env['INSTEP_SEED'] ?? Date.now() % 1_000_000);
const orders = 300;

describe(`reports of one order, in any order and more than once (seed ${String(seed)})`, () => {
  let company: Company;
  beforeAll(async () => {
    company = await startCompany();
    await stockUp(company, 'A', '100000', { unitCost: '8.10' });
    await stockUp(company, 'B', '100000', { unitCost: '2.05' });
  }, 120_000);
  afterAll(async () => {
    await (company as Company | undefined)?.stop();
  }, 60_000);

  it('end in the same stock, money and customer view', async () => {
    const random = seededRandom(seed);
    const lives = Array.from({ length: orders }, () => lifeOfAnOrder({ a: 'A', b: 'B' }));
    // The first comes as it happened; every other one shuffled, and about a third of the reports twice or more.
    const schedules = lives.map(({ reports }, at) =>
      at === 0 ? reports : shuffled([...reports, ...reports.filter(() => random() < 0.3), ...reports.filter(() => random() < 0.1)], random),
    );
    await pooled(schedules, 24, async (reports) => {
      for (const { topic, body } of reports) expect(await company.webhook(topic, body)).toBe(200);
    });
    await company.settled(180_000);

    const ends = await Promise.all(
      lives.map(async ({ order }) => endOf(orderIdOf(order), emailOf(order), String(order.state.settings.id))),
    );
    const [asItHappened] = ends;
    // All money went back; one B stayed with the buyer for nothing, so its cost stays.
    expect(asItHappened?.balances).toEqual({ '1200': '-2.05', '5000': '2.05' });
    for (const [at, end] of ends.entries()) {
      expect({ order: at, reports: schedules[at]?.map(({ topic }) => topic), ...end }).toEqual({
        order: at,
        reports: schedules[at]?.map(({ topic }) => topic),
        ...asItHappened,
      });
    }
    const levels = await company.query<{ item: string; on_hand: string; reserved: string }>(
      'inventory',
      'SELECT item, trim_scale(on_hand)::text AS on_hand, trim_scale(reserved)::text AS reserved FROM stock_level ORDER BY item',
    );
    expect(levels).toEqual([
      { item: 'A', on_hand: '100000', reserved: '0' },
      { item: 'B', on_hand: String(100_000 - orders), reserved: '0' },
    ]);
    expect(await unbalanced(company)).toEqual([]);
    expect(await violatedInvariants(company)).toEqual([]);
    const parked = await Promise.all(
      (['connectors', 'order-intake', 'inventory', 'crm', 'hr', 'finance'] as const).map((service) =>
        company.query(service, 'SELECT 1 FROM parked_event'),
      ),
    );
    expect(parked.flat()).toHaveLength(0);
  }, 300_000);

  async function endOf(orderId: string, email: string, channelOrderId: string) {
    const balances = await balancesOf(company, orderId);
    const [summary] = await company.query(
      'order-intake',
      'SELECT status, total::text, received::text, refunded::text FROM order_summary WHERE order_id = $1',
      [orderId],
    );
    const { body: reservation } = await company.get('inventory', `/reservations/${encodeURIComponent(orderId)}`);
    const { body: customers } = await company.get<{ items: { customerId: string }[] }>(
      'crm',
      `/customers?email=${encodeURIComponent(email)}`,
    );
    const { body: customer } = await company.get<{ spend: unknown }>('crm', `/customers/${customers.items[0]?.customerId ?? 'unknown'}`);
    const anonymous = (value: unknown): unknown =>
      JSON.parse(
        JSON.stringify(value)
          .replaceAll(channelOrderId, '<order>')
          .replaceAll(/"\d{7,}"/g, '"<id>"')
          .replaceAll(/sub_[\w-]+|cus_[\w-]+/g, '<person>'),
      );
    return { balances, summary: anonymous(summary), reservation: anonymous(reservation), spend: customer.spend };
  }
});
