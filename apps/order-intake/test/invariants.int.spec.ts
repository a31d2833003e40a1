import { incoming } from '@instep/testkit/department';
import { serviceOnPostgres } from '@instep/testkit/service';
import type { ServiceOnPostgres } from '@instep/testkit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { service } from '../src/order-intake.module.ts';
import { refund, report } from './report.ts';

let intake: ServiceOnPostgres;

beforeAll(async () => {
  intake = await serviceOnPostgres(service);
  await intake.hear(
    incoming('channel-order.reported', report(1), { subject: 'sample:1' }),
    incoming('channel-order.reported', report(2, { received: { shop: '40.00' } }), { subject: 'sample:1' }),
    // A refund whose order is still unknown: a stream without a summary.
    incoming(
      'channel-refund.reported',
      {
        channel: 'sample',
        channelOrderId: '9',
        reportedAt: '2026-03-01T00:00:03Z',
        currencies: null,
        refund: refund('r', 3),
        contentHash: 'h',
      },
      { subject: 'sample:9' },
    ),
  );
  await intake.send('POST', '/orders', { currency: 'EUR', number: '17', lines: [{ item: 'SHIRT', quantity: '2', unitPrice: '11.90' }] });
});
afterAll(() => intake.close());

const id = 'sample:450789469';

describe('the invariants of order intake', () => {
  it('hold for orders that it keeps itself', async () => {
    expect(await intake.query(`SELECT order_id, version, received::text FROM order_summary WHERE channel = 'sample'`)).toEqual([
      { order_id: id, version: 2, received: '40' },
    ]);
    expect(await intake.violations()).toEqual({});
  });

  it.each<[string, Record<string, string[]>, string[]]>([
    [
      'a summary that is behind',
      { 'summaries-as-streams': [`demo/${id}`] },
      [`UPDATE order_summary SET version = 1 WHERE order_id = '${id}'`],
    ],
    [
      'an amount that differs',
      { 'summaries-as-streams': [`demo/${id}`] },
      [`UPDATE order_summary SET received = 39 WHERE order_id = '${id}'`],
    ],
    [
      'a cancelled order that is not',
      { 'summaries-as-streams': [`demo/${id}`] },
      [`UPDATE order_summary SET status = 'cancelled' WHERE order_id = '${id}'`],
    ],
    ['a summary that is gone', { 'summaries-as-streams': [`demo/${id}`] }, [`DELETE FROM order_summary WHERE order_id = '${id}'`]],
    ['a stream that is gone', { 'summaries-have-streams': [`demo/${id}`] }, [`DELETE FROM stream WHERE id = '${id}'`]],
    [
      'history that no stream has',
      { 'summaries-have-streams': [`demo/${id}`] },
      [`UPDATE order_history SET version = 3 WHERE order_id = '${id}' AND version = 2`],
    ],
    [
      'an order placed twice',
      { 'placed-once': ['demo/450789469 of sample'], 'summaries-have-streams': ['demo/other'] },
      [
        `INSERT INTO order_summary SELECT tenant, 'other', channel, channel_order_id, number, status, payment, shipping, currency, total, received, refunded,
         placed_at, reported_at, attention, version FROM order_summary WHERE order_id = '${id}'`,
      ],
    ],
  ])('find %s', async (_what, found, corruptions) => {
    expect(await intake.violationsAfter(...corruptions)).toEqual(found);
  });

  it('finds what went wrong in the last minutes without going through everything', async () => {
    const [row] = await intake.query<{ plan: string }>(
      `SELECT indexdef AS plan FROM pg_indexes WHERE schemaname = current_schema() AND indexname = 'order_history_recorded'`,
    );
    expect(row?.plan).toContain('USING brin (recorded_time)');
  });
});
