import { describe, expect, it } from '@jest/globals';
import { decisions } from '@instep/testkit';
import { decimal, sum } from '@instep/values';
import fc from 'fast-check';

import { commission } from '../commission/commission.ts';
import { recordSale } from '../commission/record-sale.ts';
import { staffLink } from '../commission/staff-link.ts';
import { changeEmployee } from '../employee/change-employee.ts';
import { employee } from '../employee/employee.ts';
import { hireEmployee } from '../employee/hire-employee.ts';
import { letEmployeeLeave } from '../employee/let-employee-leave.ts';
import { roster } from '../employee/roster.ts';
import { approvePayroll } from './approve-payroll.ts';
import { calculatePayroll } from './calculate-payroll.ts';
import { earnings } from './earnings.ts';
import { payrollPeriod } from './payroll-period.ts';
import { payrollRun } from './payroll-run.ts';

const streams = [employee, roster, staffLink, commission, earnings, payrollRun, payrollPeriod];

function hire(employeeId: string, salary: string, hiredAt = '2026-01-01T00:00:00Z') {
  return hireEmployee.with({
    employeeId,
    subject: `emp_${employeeId}`,
    hiredAt,
    staff: [`pos:${employeeId}`],
    salary: decimal(salary),
    currency: 'USD',
    commissionRate: decimal('0.1'),
    personal: null,
  });
}
const sale = (employeeId: string, base: string, orderId = 'o1', currency = 'USD') =>
  recordSale.with({ orderId, staff: `pos:${employeeId}`, base: decimal(base), currency });
const calculate = (period: string, runId = period, currency = 'USD') => calculatePayroll.with({ runId, period, currency });
const approve = (runId: string) => approvePayroll.with({ runId, approvedBy: 'clerk' });
const in_ = (period: string) => ({ time: `${period}-10T00:00:00Z` });

describe('a payroll run', () => {
  it('has a line per employee: salary and commission of the month, exactly', () => {
    const desk = decisions(streams);
    desk.when(hire('eve', '3000.50'));
    desk.when(hire('max', '0'));
    desk.when(sale('eve', '100.05'), in_('2026-02'));
    desk.when(sale('max', '10', 'o2'), in_('2026-03'));
    const run = {
      runId: '2026-02',
      period: '2026-02',
      currency: 'USD',
      lines: [
        { employeeId: 'eve', salary: '3000.5', commission: '10.01', total: '3010.51' },
        { employeeId: 'max', salary: '0', commission: '0', total: '0' },
      ],
      salaries: '3000.5',
      commissions: '10.01',
      total: '3010.51',
    };
    expect(desk.when(calculate('2026-02')).events).toEqual([{ type: 'payroll.calculated', data: run }]);
    expect(desk.when(approve('2026-02')).events).toEqual([{ type: 'payroll.approved', data: { ...run, approvedBy: 'clerk' } }]);
  });

  it('can be calculated again until it is approved', () => {
    const desk = decisions(streams);
    desk.when(hire('eve', '3000'));
    desk.when(calculate('2026-02'));
    expect(desk.when(calculate('2026-02')).events).toEqual([]);
    desk.when(changeEmployee.with({ employeeId: 'eve', salary: decimal('3100') }));
    expect(desk.when(calculate('2026-02')).events).toMatchObject([{ data: { total: '3100' } }]);
    desk.when(approve('2026-02'));
    expect(desk.when(calculate('2026-02')).refused?.code).toBe('payroll/already-approved');
    expect(desk.when(approve('2026-02')).refused?.code).toBe('payroll/already-approved');
  });

  it('is approved only after it was calculated', () => {
    expect(decisions(streams).when(approve('2026-02')).refused?.code).toBe('payroll/not-calculated');
  });

  it('pays a month once per currency', () => {
    const desk = decisions(streams);
    desk.when(hire('eve', '3000'));
    desk.when(calculate('2026-02', 'a'));
    desk.when(calculate('2026-02', 'b'));
    desk.when(approve('a'));
    expect(desk.when(approve('b')).refused?.code).toBe('payroll/period-already-paid');
    expect(desk.when(calculate('2026-02', 'c')).refused?.code).toBe('payroll/period-already-paid');
    desk.when(sale('eve', '100', 'o1', 'EUR'), in_('2026-02'));
    expect(desk.when(calculate('2026-02', 'd', 'EUR')).events).toMatchObject([
      { data: { lines: [{ employeeId: 'eve', salary: '0', commission: '10' }] } },
    ]);
    expect(desk.when(approve('d')).refused).toBeUndefined();
  });

  it('keeps its month and currency', () => {
    const desk = decisions(streams);
    desk.when(hire('eve', '3000'));
    desk.when(calculate('2026-02', 'a'));
    expect(desk.when(calculate('2026-03', 'a')).refused?.code).toBe('payroll/other-period');
    expect(desk.when(calculate('2026-02', 'a', 'EUR')).refused?.code).toBe('payroll/other-period');
  });

  it('is refused in a currency that there is not, and when nobody is to be paid', () => {
    const desk = decisions(streams);
    expect(desk.when(calculate('2026-02', 'a', 'XXZ')).refused?.code).toBe('payroll/unknown-currency');
    expect(desk.when(calculate('2026-02')).refused?.code).toBe('payroll/nobody-to-pay');
  });

  it('pays a salary for every month with a day of employment, and commission after the last one', () => {
    const desk = decisions(streams);
    desk.when(hire('eve', '3000', '2026-02-28T00:00:00Z'));
    desk.when(hire('max', '1000'));
    desk.when(letEmployeeLeave.with({ employeeId: 'eve', leftAt: '2026-03-01T00:00:00Z' }));
    const lines = (period: string) => desk.when(calculate(period)).events.flatMap(({ data }) => ('lines' in data ? [data.lines] : []))[0];
    expect(lines('2026-01')).toMatchObject([{ employeeId: 'max' }]);
    expect(lines('2026-03')).toMatchObject([{ employeeId: 'eve', salary: '3000' }, { employeeId: 'max' }]);
    expect(lines('2026-04')).toMatchObject([{ employeeId: 'max' }]);
    desk.when(sale('eve', '50'), in_('2026-05'));
    expect(lines('2026-05')).toMatchObject([{ employeeId: 'eve', salary: '0', commission: '5' }, { employeeId: 'max' }]);
  });

  it('takes along what a paid month lost or gained later', () => {
    const desk = decisions(streams);
    desk.when(hire('eve', '100'));
    desk.when(sale('eve', '100'), in_('2026-02'));
    desk.when(calculate('2026-02'));
    desk.when(approve('2026-02'));
    desk.when(sale('eve', '130'), in_('2026-02'));
    expect(desk.when(calculate('2026-03')).events).toMatchObject([{ data: { commissions: '3' } }]);
  });

  it('never takes more back than the salary; the rest waits', () => {
    const desk = decisions(streams);
    desk.when(hire('eve', '4'));
    desk.when(sale('eve', '100'), in_('2026-02'));
    desk.when(calculate('2026-02'));
    desk.when(approve('2026-02'));
    desk.when(sale('eve', '0'), in_('2026-03'));
    expect(desk.when(calculate('2026-03')).events).toMatchObject([{ data: { lines: [{ salary: '4', commission: '-4', total: '0' }] } }]);
    desk.when(approve('2026-03'));
    expect(desk.when(calculate('2026-04')).events).toMatchObject([{ data: { lines: [{ commission: '-4' }] } }]);
    desk.when(approve('2026-04'));
    expect(desk.when(calculate('2026-05')).events).toMatchObject([{ data: { lines: [{ commission: '-2' }] } }]);
  });

  it('cannot be approved when less commission is due than it says', () => {
    const desk = decisions(streams);
    desk.when(hire('eve', '100'));
    desk.when(sale('eve', '100'), in_('2026-02'));
    desk.when(calculate('2026-02'));
    desk.when(calculate('2026-03'));
    desk.when(approve('2026-03'));
    expect(desk.when(approve('2026-02')).refused).toMatchObject({ code: 'payroll/outdated', details: { employees: ['eve'] } });
    expect(desk.when(calculate('2026-02')).events).toMatchObject([{ data: { commissions: '0' } }]);
    expect(desk.when(approve('2026-02')).refused).toBeUndefined();
  });
});

describe('whatever is earned, and whatever months are paid in whatever order', () => {
  const months = ['2026-01', '2026-02', '2026-03'];
  const step = fc.oneof(
    fc.record({
      kind: fc.constant('sale' as const),
      base: fc.nat(10_000).map(String),
      orderId: fc.constantFrom('o1', 'o2'),
      period: fc.constantFrom(...months),
    }),
    fc.record({ kind: fc.constant('pay' as const), period: fc.constantFrom(...months) }),
  );

  it('a last run leaves exactly what was earned as paid, and no run pays less than nothing', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
        const desk = decisions(streams);
        desk.when(hire('eve', '1000000'));
        for (const one of steps) {
          if (one.kind === 'sale') desk.when(sale('eve', one.base, one.orderId), in_(one.period));
          else {
            desk.when(calculate(one.period));
            for (const { data } of desk.when(approve(one.period)).events) if ('total' in data) expect(data.total).not.toMatch(/^-/);
          }
        }
        desk.when(calculate('2026-12'));
        desk.when(approve('2026-12'));
        const state = desk.state(earnings, 'eve');
        const earned = sum(state.earned.map(({ amount }) => amount));
        expect(state.paid).toEqual([{ currency: 'USD', amount: earned, through: '2026-12' }]);
      }),
    );
  });
});
