import { serviceOnPostgres } from '@instep/testkit/service';
import type { ServiceOnPostgres } from '@instep/testkit/service';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';

import { service } from '../src/hr.module.ts';
import { orderPaid, orderPlaced, orderRefunded } from './order-events.ts';

interface List {
  readonly items: readonly Record<string, unknown>[];
  readonly next: string | null;
}
interface Problem {
  readonly code: string;
}

let hr: ServiceOnPostgres;

beforeAll(async () => {
  hr = await serviceOnPostgres(service);
});

afterAll(async () => {
  await hr.close();
});

const eve = {
  employeeId: 'eve',
  hiredAt: '2026-01-01',
  staff: ['pos:1'],
  salary: '3000.50',
  commissionRate: '0.05',
  name: 'Eve',
  email: 'eve@example.com',
};

/** Another order than `pos:1`, sold by somebody else. */
function sold(orderId: string, staffId: string) {
  const placed = orderPlaced({ orderId, channelOrderId: orderId.split(':')[1] ?? null, staffId });
  const paid = orderPaid('182');
  return [placed, { ...paid, subject: orderId, data: { ...paid.data, orderId } }];
}

describe('the tables', () => {
  it('are as the entity schemas say', async () => {
    expect(await hr.drift()).toEqual([]);
  });
});

describe('employees', () => {
  it('are hired once', async () => {
    const made = await hr.send('POST', '/employees', eve, 'hire-eve');
    const again = await hr.send('POST', '/employees', eve, 'hire-eve');
    const other = await hr.send<Problem>('POST', '/employees', eve);
    expect([made.status, made.body, again.body, other.status, other.body.code]).toEqual([
      201,
      { employeeId: 'eve' },
      { employeeId: 'eve' },
      409,
      'employee/already-hired',
    ]);
  });

  it('get an id when they come without', async () => {
    const body = { salary: '0', name: 'Max' };
    const made = await hr.send<{ employeeId: string }>('POST', '/employees', body, 'hire-max');
    expect(made.body.employeeId).toMatch(/^emp_/);
    expect((await hr.send<{ employeeId: string }>('POST', '/employees', body, 'hire-max')).body).toEqual(made.body);
    expect((await hr.get<object>(`/employees/${made.body.employeeId}`)).body).toMatchObject({
      salary: '0.00',
      currency: 'USD',
      commissionRate: '0',
      staff: [],
      leftAt: null,
    });
    await hr.send('POST', `/employees/${made.body.employeeId}/leave`, {});
  });

  it('are changed, leave, and are listed', async () => {
    await hr.send('POST', '/employees', { employeeId: 'ann', hiredAt: '2026-01-01', salary: '100', staff: ['pos:9'] });
    expect((await hr.send('PATCH', '/employees/ann', { salary: '200' })).status).toBe(200);
    expect((await hr.send('POST', '/employees/ann/leave', { leftAt: '2026-01-31' })).status).toBe(200);
    expect((await hr.get<object>('/employees/ann')).body).toEqual({
      employeeId: 'ann',
      hiredAt: '2026-01-01T00:00:00Z',
      leftAt: '2026-01-31T00:00:00Z',
      staff: ['pos:9'],
      salary: '200.00',
      currency: 'USD',
      commissionRate: '0',
      personal: null,
    });
    const first = (await hr.get<List>('/employees?limit=2')).body;
    const second = (await hr.get<List>(`/employees?limit=2&after=${first.next ?? ''}`)).body;
    expect([...first.items, ...second.items].map(({ employeeId }) => employeeId)).toEqual(['ann', expect.stringMatching(/^emp_/), 'eve']);
  });

  it.each([
    ['POST', '/employees', { salary: 3000 }, 400, 'request/invalid-body'],
    ['POST', '/employees', { salary: '-1' }, 400, 'request/invalid-body'],
    ['POST', '/employees', { salary: '1', staff: ['nobody'] }, 400, 'request/invalid-body'],
    ['POST', '/employees', { salary: '1', commissionRate: '5' }, 422, 'employee/rate-out-of-range'],
    ['POST', '/employees', { salary: '1', currency: 'XXZ' }, 422, 'employee/unknown-currency'],
    ['POST', '/employees', { salary: '1', staff: ['pos:1'] }, 409, 'employee/staff-id-taken'],
    ['PATCH', '/employees/nobody', { salary: '1' }, 404, 'employee/unknown'],
    ['POST', '/employees/nobody/leave', {}, 404, 'employee/unknown'],
    ['POST', '/employees/ann/leave', {}, 409, 'employee/already-left'],
    ['POST', '/payroll-runs', { period: '2026-13' }, 400, 'request/invalid-body'],
    ['POST', '/payroll-runs', { period: '2020-01' }, 422, 'payroll/nobody-to-pay'],
    ['POST', '/payroll-runs/none/approve', {}, 409, 'payroll/not-calculated'],
  ] as const)('%s %s %j is answered with %s %s', async (method, path, payload, status, code) => {
    const answer = await hr.send<Problem>(method, path, payload);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});

describe('commission', () => {
  it('follows the order to the cent', async () => {
    await hr.hear(orderPlaced(), orderPaid('182'));
    expect((await hr.get<List>('/commissions?orderId=pos:1')).body.items).toEqual([
      { orderId: 'pos:1', staff: 'pos:1', employeeId: 'eve', currency: 'USD', total: '6.00' },
    ]);
    await hr.hear(orderRefunded('r1', { a: 33.3 }));
    expect((await hr.get<List>('/commissions?employeeId=eve')).body.items).toMatchObject([{ total: '4.34' }]);
    const first = (await hr.get<List>('/commissions/entries?orderId=pos:1&limit=1')).body;
    const second = (await hr.get<List>(`/commissions/entries?orderId=pos:1&limit=1&after=${first.next ?? ''}`)).body;
    expect([...first.items, ...second.items, second.next]).toMatchObject([
      { period: '2026-01', amount: '6.00', total: '6.00', base: '120.00', rate: '0.05' },
      { amount: '-1.66', total: '4.34', base: '86.70' },
      null,
    ]);
  });

  it('waits for an employee with the staff id', async () => {
    await hr.hear(...sold('pos:2', '2'), ...sold('pos:3', '2'));
    expect((await hr.get<List>('/commissions?orderId=pos:2')).body.items).toMatchObject([{ employeeId: null, total: '0.00' }]);
    await hr.send('POST', '/employees', { employeeId: 'zoe', salary: '1000', staff: ['pos:2'], commissionRate: '0.1' });
    expect((await hr.get<List>('/commissions?employeeId=zoe')).body.items).toMatchObject([
      { orderId: 'pos:2', total: '12.00' },
      { orderId: 'pos:3', total: '12.00' },
    ]);
  });
});

describe('a payroll run', () => {
  it('is calculated, approved and then final', async () => {
    const calculated = await hr.send<object>('POST', '/payroll-runs', { period: '2026-01' });
    const lines = [
      { employeeId: 'ann', salary: '200.00', commission: '0.00', total: '200.00' },
      { employeeId: 'eve', salary: '3000.50', commission: '4.34', total: '3004.84' },
    ];
    const run = {
      runId: '2026-01-USD',
      period: '2026-01',
      currency: 'USD',
      lines,
      salaries: '3200.50',
      commissions: '4.34',
      total: '3204.84',
    };
    expect([calculated.status, calculated.body]).toEqual([201, { ...run, status: 'calculated', approvedBy: null }]);

    const approved = await hr.send<object>('POST', '/payroll-runs/2026-01-USD/approve', {}, 'approve-1');
    const again = await hr.send<object>('POST', '/payroll-runs/2026-01-USD/approve', {}, 'approve-1');
    expect([approved.status, approved.body, again.body]).toMatchObject([200, { ...run, status: 'approved' }, approved.body]);
    expect((await hr.get<object>('/payroll-runs/2026-01-USD')).body).toEqual(approved.body);

    const refusals = [
      await hr.send<Problem>('POST', '/payroll-runs', { period: '2026-01' }),
      await hr.send<Problem>('POST', '/payroll-runs', { period: '2026-01', runId: 'second' }),
      await hr.send<Problem>('POST', '/payroll-runs/2026-01-USD/approve', {}),
    ];
    expect(refusals.map(({ status, body }) => [status, body.code])).toEqual([
      [409, 'payroll/already-approved'],
      [409, 'payroll/period-already-paid'],
      [409, 'payroll/already-approved'],
    ]);
  });

  it('is unknown before it was calculated', async () => {
    const { status, body } = await hr.get<Problem>('/payroll-runs/2030-01-USD');
    expect([status, body.code]).toEqual([404, 'payroll/unknown']);
  });
});
