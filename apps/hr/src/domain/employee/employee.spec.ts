import { describe, expect, it } from '@jest/globals';
import { decisions } from '@instep/testkit';
import { decimal } from '@instep/values';

import { commission } from '../commission/commission.ts';
import { staffLink } from '../commission/staff-link.ts';
import { earnings } from '../payroll/earnings.ts';
import { changeEmployee } from './change-employee.ts';
import { employee, isEmployedIn } from './employee.ts';
import type { EmployeeEvent } from './employee.ts';
import { hireEmployee } from './hire-employee.ts';
import type { HireEmployee } from './hire-employee.ts';
import { letEmployeeLeave } from './let-employee-leave.ts';
import { roster, rosterId } from './roster.ts';

const streams = [employee, roster, staffLink, commission, earnings];
const eve: HireEmployee = {
  employeeId: 'eve',
  subject: 'emp_eve',
  hiredAt: '2026-01-15T00:00:00Z',
  staff: ['pos:1', 'pos:1'],
  salary: decimal('3000.00'),
  currency: 'EUR',
  commissionRate: decimal('0.05'),
  personal: { name: 'Eve', email: null },
};
const leave = (leftAt = '2026-03-10T00:00:00Z') => letEmployeeLeave.with({ employeeId: 'eve', leftAt });

describe('hiring', () => {
  it('puts a person on the roster', () => {
    const desk = decisions(streams);
    expect(desk.when(hireEmployee.with(eve)).events).toEqual([{ type: 'employee.hired', data: { ...eve, staff: ['pos:1'] } }]);
    expect(desk.state(roster, rosterId)).toEqual(['eve']);
  });

  it('is refused for somebody who works here', () => {
    const desk = decisions(streams);
    desk.when(hireEmployee.with(eve));
    expect(desk.when(hireEmployee.with(eve)).refused?.code).toBe('employee/already-hired');
  });

  it('takes back somebody who left, and remembers both times', () => {
    const desk = decisions(streams);
    desk.when(hireEmployee.with(eve));
    desk.when(leave());
    desk.when(hireEmployee.with({ ...eve, hiredAt: '2026-06-01T00:00:00Z' }));
    const state = desk.state(employee, 'eve');
    if (state.status === 'unknown') throw new Error('eve was hired');
    expect(['2025-12', '2026-01', '2026-03', '2026-04', '2026-06', '2027-01'].map((period) => isEmployedIn(state, period))).toEqual([
      false,
      true,
      true,
      false,
      true,
      true,
    ]);
    expect(desk.state(roster, rosterId)).toEqual(['eve']);
  });

  it('is refused with a staff id that somebody employed has', () => {
    const desk = decisions(streams);
    desk.when(hireEmployee.with(eve));
    expect(desk.when(hireEmployee.with({ ...eve, employeeId: 'max' })).refused?.code).toBe('employee/staff-id-taken');
    desk.when(leave());
    expect(desk.when(hireEmployee.with({ ...eve, employeeId: 'max' })).refused).toBeUndefined();
  });

  it.each([
    [{ currency: 'XXZ' }, 'employee/unknown-currency'],
    [{ salary: decimal('-1') }, 'employee/negative-salary'],
    [{ commissionRate: decimal('1.01') }, 'employee/rate-out-of-range'],
    [{ commissionRate: decimal('-0.1') }, 'employee/rate-out-of-range'],
  ])('is refused on the terms %j', (terms, code) => {
    expect(decisions(streams).when(hireEmployee.with({ ...eve, ...terms })).refused?.code).toBe(code);
  });
});

describe('changing an employee', () => {
  it('keeps what is not named', () => {
    const desk = decisions(streams);
    desk.when(hireEmployee.with(eve));
    expect(desk.when(changeEmployee.with({ employeeId: 'eve', salary: decimal('3100') })).events).toEqual([
      {
        type: 'employee.changed',
        data: {
          employeeId: 'eve',
          staff: ['pos:1'],
          salary: '3100',
          currency: 'EUR',
          commissionRate: '0.05',
          personal: { name: 'Eve', email: null },
        },
      },
    ]);
  });

  it('to what is so already is nothing', () => {
    const desk = decisions(streams);
    desk.when(hireEmployee.with(eve));
    expect(
      desk.when(changeEmployee.with({ employeeId: 'eve', salary: decimal('3000'), personal: { email: null, name: 'Eve' } })).events,
    ).toEqual([]);
  });

  it('is refused for a stranger, for bad terms and for a staff id that somebody has', () => {
    const desk = decisions(streams);
    desk.when(hireEmployee.with(eve));
    desk.when(hireEmployee.with({ ...eve, employeeId: 'max', staff: ['pos:2'] }));
    const refusals = [{ employeeId: 'nobody' }, { employeeId: 'eve', salary: decimal('-1') }, { employeeId: 'eve', staff: ['pos:2'] }].map(
      (change) => desk.when(changeEmployee.with(change)).refused?.code,
    );
    expect(refusals).toEqual(['employee/unknown', 'employee/negative-salary', 'employee/staff-id-taken']);
  });
});

describe('leaving', () => {
  it('ends the employment', () => {
    const desk = decisions(streams);
    desk.when(hireEmployee.with(eve));
    expect(desk.when(leave()).events).toEqual([{ type: 'employee.left', data: { employeeId: 'eve', leftAt: '2026-03-10T00:00:00Z' } }]);
  });

  it('is refused for a stranger, before the first day, and twice', () => {
    const desk = decisions(streams);
    expect(desk.when(leave()).refused?.code).toBe('employee/unknown');
    desk.when(hireEmployee.with(eve));
    expect(desk.when(leave('2026-01-14T23:00:00Z')).refused?.code).toBe('employee/leaves-before-hired');
    desk.when(leave());
    expect(desk.when(leave()).refused?.code).toBe('employee/already-left');
  });

  it('of somebody who was never hired is a defect in the fold', () => {
    const left: EmployeeEvent = { type: 'employee.left', data: { employeeId: 'eve', leftAt: '2026-03-10T00:00:00Z' } };
    expect(() => employee.evolve(employee.initial('eve'), left, 'eve')).toThrow('never hired');
  });
});
