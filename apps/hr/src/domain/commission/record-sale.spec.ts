import { describe, expect, it } from '@jest/globals';
import { decisions } from '@instep/testkit';
import { decimal, multiply, round, sum, zero } from '@instep/values';
import fc from 'fast-check';

import { changeEmployee } from '../employee/change-employee.ts';
import { employee } from '../employee/employee.ts';
import { hireEmployee } from '../employee/hire-employee.ts';
import type { HireEmployee } from '../employee/hire-employee.ts';
import { letEmployeeLeave } from '../employee/let-employee-leave.ts';
import { roster } from '../employee/roster.ts';
import { earnings } from '../payroll/earnings.ts';
import { commission } from './commission.ts';
import { recordSale } from './record-sale.ts';
import { shardOf, staffLink } from './staff-link.ts';

const streams = [employee, roster, staffLink, commission, earnings];

function hire(given: Partial<HireEmployee> & { employeeId: string }) {
  return hireEmployee.with({
    subject: `emp_${given.employeeId}`,
    hiredAt: '2026-01-01T00:00:00Z',
    staff: ['pos:1'],
    salary: decimal('3000'),
    currency: 'USD',
    commissionRate: decimal('0.05'),
    personal: null,
    ...given,
  });
}

function sale(base: string, staff: string | null = 'pos:1', orderId = 'o1') {
  return recordSale.with({ orderId, staff, base: decimal(base), currency: 'USD' });
}

describe('commission', () => {
  it('is the rate of the employee on the net goods, rounded to cents', () => {
    const desk = decisions(streams);
    desk.when(hire({ employeeId: 'eve' }));
    expect(desk.when(sale('99.90'), { time: '2026-03-31T23:59:59Z' }).events).toEqual([
      {
        type: 'commission.earned',
        data: {
          orderId: 'o1',
          employeeId: 'eve',
          staff: 'pos:1',
          period: '2026-03',
          amount: '5',
          total: '5',
          base: '99.9',
          rate: '0.05',
          currency: 'USD',
        },
      },
    ]);
  });

  it('is recorded once', () => {
    const desk = decisions(streams);
    desk.when(hire({ employeeId: 'eve' }));
    desk.when(sale('100'));
    expect(desk.when(sale('100')).events).toEqual([]);
  });

  it('of an unpaid order is nothing', () => {
    const desk = decisions(streams);
    expect(desk.when(sale('0')).events).toEqual([]);
    desk.when(hire({ employeeId: 'eve' }));
    expect(desk.when(sale('0')).events).toEqual([]);
  });

  it('goes down with a refund, in the month of the refund', () => {
    const desk = decisions(streams);
    desk.when(hire({ employeeId: 'eve' }));
    desk.when(sale('100'), { time: '2026-03-01T00:00:00Z' });
    expect(desk.when(sale('40'), { time: '2026-04-01T00:00:00Z' }).events).toMatchObject([
      { data: { period: '2026-04', amount: '-3', total: '2' } },
    ]);
    expect(desk.when(sale('0'), { time: '2026-05-01T00:00:00Z' }).events).toMatchObject([
      { data: { period: '2026-05', amount: '-2', total: '0' } },
    ]);
    expect(desk.state(earnings, 'eve').earned).toEqual([
      { period: '2026-03', currency: 'USD', amount: '5' },
      { period: '2026-04', currency: 'USD', amount: '-3' },
      { period: '2026-05', currency: 'USD', amount: '-2' },
    ]);
  });

  it('keeps the rate of the time when it was first earned', () => {
    const desk = decisions(streams);
    desk.when(hire({ employeeId: 'eve' }));
    desk.when(sale('100'));
    desk.when(changeEmployee.with({ employeeId: 'eve', commissionRate: decimal('0.5') }));
    expect(desk.when(sale('200')).events).toMatchObject([{ data: { amount: '5', total: '10', rate: '0.05' } }]);
    expect(desk.when(sale('100', 'pos:1', 'o2')).events).toMatchObject([{ data: { total: '50', rate: '0.5' } }]);
  });

  it('goes to somebody who left, while nobody else has the staff id', () => {
    const desk = decisions(streams);
    desk.when(hire({ employeeId: 'eve' }));
    desk.when(letEmployeeLeave.with({ employeeId: 'eve', leftAt: '2026-02-28T00:00:00Z' }));
    expect(desk.when(sale('100')).events).toMatchObject([{ data: { employeeId: 'eve' } }]);
    desk.when(hire({ employeeId: 'max' }));
    expect(desk.when(sale('100', 'pos:1', 'o2')).events).toMatchObject([{ data: { employeeId: 'max' } }]);
  });

  it('stays with who earned it when the staff id goes to somebody else', () => {
    const desk = decisions(streams);
    desk.when(hire({ employeeId: 'eve' }));
    desk.when(sale('100'));
    desk.when(changeEmployee.with({ employeeId: 'eve', staff: [] }));
    desk.when(hire({ employeeId: 'max' }));
    expect(desk.when(sale('0')).events).toMatchObject([{ data: { employeeId: 'eve', amount: '-5' } }]);
  });

  it('is taken back and given anew when the order names another staff member', () => {
    const desk = decisions(streams);
    desk.when(hire({ employeeId: 'eve' }));
    desk.when(hire({ employeeId: 'max', staff: ['pos:2'], commissionRate: decimal('0.1') }));
    desk.when(sale('100'));
    expect(desk.when(sale('100', 'pos:2')).events).toMatchObject([
      { data: { employeeId: 'eve', amount: '-5', total: '0', base: '0' } },
      { data: { employeeId: 'max', amount: '10', total: '10' } },
    ]);
    expect(desk.when(sale('100', null)).events).toMatchObject([{ data: { employeeId: 'max', amount: '-10', total: '0' } }]);
    expect(desk.when(sale('100', null)).events).toEqual([]);
  });
});

describe('commission of a staff id whom nobody has', () => {
  it('waits, told once per changed base', () => {
    const desk = decisions(streams);
    expect(desk.when(sale('100'), { time: '2026-03-01T00:00:00Z' }).events).toEqual([
      { type: 'commission.unassigned', data: { orderId: 'o1', staff: 'pos:1', period: '2026-03', base: '100', currency: 'USD' } },
    ]);
    expect(desk.when(sale('100')).events).toEqual([]);
    expect(desk.when(sale('60')).events).toMatchObject([{ type: 'commission.unassigned', data: { base: '60' } }]);
    expect(desk.state(staffLink, shardOf('pos:1', 'o1')).waiting).toEqual(['o1']);
    desk.when(sale('0'));
    expect(desk.state(staffLink, shardOf('pos:1', 'o1')).waiting).toEqual([]);
  });

  it('is settled when an employee with the staff id is hired', () => {
    const desk = decisions(streams);
    desk.when(sale('100'));
    desk.when(sale('50', 'pos:1', 'o2'));
    desk.when(sale('50', 'pos:9', 'o3'));
    const { decided } = desk.when(hire({ employeeId: 'eve' }), { time: '2026-06-15T00:00:00Z' });
    expect(decided.map(({ id, event }) => [id, event.type])).toEqual([
      ['eve', 'employee.hired'],
      ...(decided[1]?.id === 'o1' ? ['o1', 'o2'] : ['o2', 'o1']).map((id) => [id, 'commission.earned']),
    ]);
    expect(desk.state(earnings, 'eve').earned).toEqual([{ period: '2026-06', currency: 'USD', amount: '7.5' }]);
    expect(desk.state(staffLink, shardOf('pos:1', 'o1')).waiting).toEqual([]);
  });

  it('is settled when an employee gets the staff id, at a rate of zero too', () => {
    const desk = decisions(streams);
    desk.when(sale('100'));
    desk.when(hire({ employeeId: 'eve', staff: [], commissionRate: decimal('0') }));
    expect(desk.when(changeEmployee.with({ employeeId: 'eve', staff: ['pos:1'] })).events).toMatchObject([
      { type: 'employee.changed' },
      { type: 'commission.earned', data: { amount: '0', total: '0', rate: '0' } },
    ]);
    expect(desk.state(staffLink, shardOf('pos:1', 'o1')).waiting).toEqual([]);
  });

  it('no longer waits when the order names another staff member', () => {
    const desk = decisions(streams);
    desk.when(sale('100'));
    expect(desk.when(sale('100', 'pos:2')).events).toMatchObject([
      { data: { staff: 'pos:1', base: '0' } },
      { data: { staff: 'pos:2', base: '100' } },
    ]);
    expect(desk.when(hire({ employeeId: 'eve' })).events).toHaveLength(1);
  });
});

describe('whatever happens to an order', () => {
  const facts = fc.record({
    base: fc.nat(100_000).map((cents) => (cents / 100).toFixed(2)),
    staff: fc.constantFrom('pos:1', 'pos:2', null),
  });
  const people = fc.subarray(['eve', 'max']);

  it('the commission in the end is the one of its last facts, and earnings add up to it', () => {
    fc.assert(
      fc.property(fc.array(facts, { minLength: 1, maxLength: 8 }), fc.nat(8), people, people, (history, cut, early, late) => {
        const desk = decisions(streams);
        const hireAll = (names: readonly string[]) => {
          for (const name of names)
            desk.when(
              hire({
                employeeId: name,
                staff: [name === 'eve' ? 'pos:1' : 'pos:2'],
                commissionRate: decimal(name === 'eve' ? '0.05' : '0.1'),
              }),
            );
        };
        hireAll(early);
        history.forEach(({ base, staff }, at) => {
          if (at === cut) hireAll(late);
          desk.when(sale(decimal(base), staff));
        });
        hireAll(late);
        const last = history.at(-1);
        const isHired = (name: string) => early.includes(name) || late.includes(name);
        const due = (name: string, staff: string, rate: string) =>
          last && last.staff === staff && isHired(name) ? round(multiply(decimal(last.base), decimal(rate)), 2) : zero;
        const total = (name: string) => sum(desk.state(earnings, name).earned.map(({ amount }) => amount));
        expect([total('eve'), total('max')]).toEqual([due('eve', 'pos:1', '0.05'), due('max', 'pos:2', '0.1')]);
      }),
    );
  });
});
