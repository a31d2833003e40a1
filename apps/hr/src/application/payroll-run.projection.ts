import { stateTable } from '@instep/department';

import { payrollRun } from '../domain/payroll/payroll-run.ts';
import type { PayrollRun } from '../domain/payroll/payroll-run.ts';

export type PayrollRunRow = {
  readonly tenant: string;
  readonly runId: string;
  readonly status: 'calculated' | 'approved';
  readonly period: string;
  readonly currency: string;
  /** JSON: one line per employee. */
  readonly lines: string;
  readonly salaries: string;
  readonly commissions: string;
  readonly total: string;
  readonly approvedBy: string | null;
};

export const payrollRunTable = stateTable<PayrollRunRow, PayrollRun>({
  table: { name: 'payroll_run', key: ['tenant', 'runId'] },
  stream: payrollRun,
  rows(state, { tenant }) {
    if (state.status === 'unknown') return [];
    const { runId, period, currency, lines, salaries, commissions, total } = state.run;
    const approvedBy = state.status === 'approved' ? state.approvedBy : null;
    return [
      { tenant, runId, status: state.status, period, currency, lines: JSON.stringify(lines), salaries, commissions, total, approvedBy },
    ];
  },
});
