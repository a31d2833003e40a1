import { accept, defineCommand, nothing, record, refuse } from '@instep/decider';
import type { Reader } from '@instep/decider';
import { add, decimal, isZero, maximum, negate, parseCurrency, sum, zero } from '@instep/values';
import type { Decimal } from '@instep/values';

import { employee, isEmployedIn } from '../employee/employee.ts';
import { roster, rosterId } from '../employee/roster.ts';
import { due, earnings } from './earnings.ts';
import { payrollPeriod, payrollPeriodId } from './payroll-period.ts';
import { payrollRun } from './payroll-run.ts';
import type { CalculatedRun } from './payroll-run.ts';
import { alreadyApproved, alreadyPaid } from './refusals.ts';

export interface CalculatePayroll {
  readonly runId: string;
  /** `2026-11`. */
  readonly period: string;
  /** A run pays in one currency; salaries and commissions in others belong to other runs of the same month. */
  readonly currency: string;
}

type Line = CalculatedRun['lines'][number];

/** Works out what a month costs: a full salary for everybody employed on any day of it, and commission not yet paid. */
export const calculatePayroll = defineCommand<CalculatePayroll>({
  name: 'calculate-payroll',
  streams(run, read) {
    const people = read.has(roster, rosterId) ? read.state(roster, rosterId) : [];
    return [
      { stream: payrollRun, id: run.runId },
      { stream: payrollPeriod, id: payrollPeriodId(run) },
      { stream: roster, id: rosterId },
      ...people.flatMap((id) => [
        { stream: employee, id },
        { stream: earnings, id },
      ]),
    ];
  },
  decide({ runId, period, currency }, read) {
    if (!parseCurrency(currency)) return refuse('payroll/unknown-currency', `"${currency}" is no currency of ISO 4217.`, { currency });
    const before = read.state(payrollRun, runId);
    if (before.status === 'approved') return alreadyApproved(runId);
    if (before.status === 'calculated' && (before.run.period !== period || before.run.currency !== currency)) {
      return refuse('payroll/other-period', `The run ${runId} is for ${before.run.period} in ${before.run.currency}.`, {
        runId,
        period: before.run.period,
        currency: before.run.currency,
      });
    }
    const { paidBy } = read.state(payrollPeriod, payrollPeriodId({ period, currency }));
    if (paidBy !== null) return alreadyPaid({ period, currency }, paidBy);

    const lines = read.state(roster, rosterId).flatMap((id) => lineOf(id, period, currency, read));
    if (lines.length === 0)
      return refuse('payroll/nobody-to-pay', `Nobody is to be paid in ${currency} for ${period}.`, { period, currency });
    const run = withSums({ runId, period, currency, lines });
    if (before.status === 'calculated' && JSON.stringify(before.run) === JSON.stringify(run)) return nothing;
    return accept(record(payrollRun, runId, [{ type: 'payroll.calculated', data: run }]));
  },
});

/** What is due to a person; no line when that is nothing and the person is not employed in the month, or paid in another currency. */
function lineOf(id: string, period: string, currency: string, read: Reader): Line[] {
  const person = read.state(employee, id);
  if (person.status === 'unknown') throw new Error(`the roster names ${id}, who was never hired`);
  const isPaidHere = person.currency === currency && isEmployedIn(person, period);
  const salary = isPaidHere ? person.salary : zero;
  const commission = payable(due(read.state(earnings, id), currency, period), salary);
  return isPaidHere || !isZero(commission) ? [{ employeeId: id, salary, commission, total: add(salary, commission) }] : [];
}

/** Nobody owes the company money on pay day: what a reversal takes beyond the salary is left for the next run. */
export function payable(commissionDue: Decimal, salary: Decimal): Decimal {
  return maximum(commissionDue, negate(salary));
}

function withSums(run: Omit<CalculatedRun, 'salaries' | 'commissions' | 'total'>): CalculatedRun {
  const of = (field: 'salary' | 'commission' | 'total') => sum(run.lines.map((line) => decimal(line[field])));
  return { ...run, salaries: of('salary'), commissions: of('commission'), total: of('total') };
}
