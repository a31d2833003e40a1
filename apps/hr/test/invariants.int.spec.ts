import { serviceOnPostgres } from '@instep/testkit/service';
import type { ServiceOnPostgres } from '@instep/testkit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { service } from '../src/hr.module.ts';
import { orderPaid, orderPlaced, orderRefunded } from './order-events.ts';

let hr: ServiceOnPostgres;

beforeAll(async () => {
  hr = await serviceOnPostgres(service);
  const eve = { employeeId: 'eve', hiredAt: '2026-01-01', staff: ['pos:1'], salary: '3000.50', commissionRate: '0.05', name: 'Eve' };
  await hr.send('POST', '/employees', eve);
  await hr.hear(orderPlaced(), orderPaid('182'), orderRefunded('r1', { b: 20 }));
  // Nobody has this staff id yet: the commission waits.
  const waiting = orderPlaced({ orderId: 'pos:2', channelOrderId: '2', staffId: '9' });
  await hr.hear(waiting, { ...orderPaid('182'), subject: 'pos:2', data: { ...orderPaid('182').data, orderId: 'pos:2' } });
  for (const runId of ['a', 'b']) await hr.send('POST', '/payroll-runs', { runId, period: '2026-01', currency: 'USD' });
  expect((await hr.send('POST', '/payroll-runs/a/approve', { approvedBy: 'clerk' })).status).toBeLessThan(300);
});
afterAll(() => hr.close());

describe('the invariants of people', () => {
  it('hold for what hr keeps itself', async () => {
    expect(await hr.query(`SELECT order_id, total::text FROM order_commission ORDER BY order_id`)).toEqual([
      { order_id: 'pos:1', total: '5' },
      { order_id: 'pos:2', total: '0' },
    ]);
    expect(await hr.query(`SELECT run_id, status FROM payroll_run ORDER BY run_id`)).toEqual([
      { run_id: 'a', status: 'approved' },
      { run_id: 'b', status: 'calculated' },
    ]);
    expect(await hr.violations()).toEqual({});
  });

  it.each<[string, Record<string, string[]>, string[]]>([
    [
      'a commission that nobody earned',
      { 'commission-as-earned': ['demo/pos:1'], 'commission-as-streams': ['demo/pos:1'] },
      [`UPDATE order_commission SET total = total + 1 WHERE order_id = 'pos:1'`],
    ],
    [
      'an entry that changed',
      { 'commission-as-earned': ['demo/pos:1'], 'earnings-as-entries': ['demo/eve'] },
      [`UPDATE commission_entry SET amount = amount + 1 WHERE entry = 1`],
    ],
    [
      'what was taken back, forgotten',
      { 'commission-as-earned': ['demo/pos:1'], 'earnings-as-entries': ['demo/eve'] },
      ['DELETE FROM commission_entry WHERE amount < 0'],
    ],
    ['an entry of no event', { 'commission-as-streams': ['demo/pos:1'] }, [`UPDATE commission_entry SET entry = 9 WHERE entry = 2`]],
    [
      'a commission of the wrong employee',
      { 'commission-as-streams': ['demo/pos:1'] },
      [`UPDATE order_commission SET employee_id = 'max' WHERE order_id = 'pos:1'`],
    ],
    ['a commission that is gone', { 'commission-as-streams': ['demo/pos:2'] }, [`DELETE FROM order_commission WHERE order_id = 'pos:2'`]],
    ['a run whose total is wrong', { 'payroll-adds-up': ['demo/b'] }, [`UPDATE payroll_run SET total = total + 1 WHERE run_id = 'b'`]],
    [
      'a line whose total is wrong',
      { 'payroll-adds-up': ['demo/b'] },
      [`UPDATE payroll_run SET lines = replace(lines, '"salary":"3000.5"', '"salary":"3000.4"'), salaries = 3000.4 WHERE run_id = 'b'`],
    ],
    [
      'a month paid twice',
      { 'month-paid-once': ['demo/2026-01 in USD'], 'paid-as-approved': ['demo/eve'] },
      [`UPDATE payroll_run SET status = 'approved' WHERE run_id = 'b'`],
    ],
    ['a payment that no run approved', { 'paid-as-approved': ['demo/eve'] }, [`UPDATE payroll_run SET status = 'calculated'`]],
  ])('find %s', async (_what, found, corruptions) => {
    expect(await hr.violationsAfter(...corruptions)).toEqual(found);
  });
});
