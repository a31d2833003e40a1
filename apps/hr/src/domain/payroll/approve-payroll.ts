import { accept, defineCommand, record, refuse } from '@instep/decider';
import { compare, decimal } from '@instep/values';

import { payable } from './calculate-payroll.ts';
import { due, earnings } from './earnings.ts';
import { payrollPeriod, payrollPeriodId } from './payroll-period.ts';
import { payrollRun } from './payroll-run.ts';
import { alreadyApproved, alreadyPaid } from './refusals.ts';

export interface ApprovePayroll {
  readonly runId: string;
  readonly approvedBy: string;
}

/** Makes a calculated run final: what its lines say is paid. */
export const approvePayroll = defineCommand<ApprovePayroll>({
  name: 'approve-payroll',
  streams({ runId }, read) {
    const state = read.has(payrollRun, runId) ? read.state(payrollRun, runId) : undefined;
    const run = state?.status === 'calculated' ? state.run : undefined;
    return [
      { stream: payrollRun, id: runId },
      ...(run
        ? [
            { stream: payrollPeriod, id: payrollPeriodId(run) },
            ...run.lines.map(({ employeeId }) => ({ stream: earnings, id: employeeId })),
          ]
        : []),
    ];
  },
  decide({ runId, approvedBy }, read) {
    const state = read.state(payrollRun, runId);
    if (state.status === 'unknown') return refuse('payroll/not-calculated', `There is no calculated run ${runId}.`, { runId });
    if (state.status === 'approved') return alreadyApproved(runId);
    const { run } = state;
    const { paidBy } = read.state(payrollPeriod, payrollPeriodId(run));
    if (paidBy !== null) return alreadyPaid(run, paidBy);

    const outdated = run.lines
      .filter((line) => {
        const now = payable(due(read.state(earnings, line.employeeId), run.currency, run.period), decimal(line.salary));
        return compare(decimal(line.commission), now) > 0;
      })
      .map(({ employeeId }) => employeeId);
    if (outdated.length > 0) {
      return refuse('payroll/outdated', `Less commission is due than when ${runId} was calculated; calculate it again.`, {
        runId,
        employees: outdated,
      });
    }
    return accept(record(payrollRun, runId, [{ type: 'payroll.approved', data: { ...run, approvedBy } }]));
  },
});
