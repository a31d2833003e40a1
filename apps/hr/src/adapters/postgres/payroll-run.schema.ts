import { EntitySchema } from 'typeorm';

import type { PayrollRunRow } from '../../application/payroll-run.projection.ts';

export const payrollRunSchema = new EntitySchema<PayrollRunRow>({
  name: 'payroll_run',
  tableName: 'payroll_run',
  columns: {
    tenant: { type: 'text', primary: true },
    runId: { type: 'text', primary: true, name: 'run_id' },
    status: { type: 'text' },
    period: { type: 'text' },
    currency: { type: 'text' },
    lines: { type: 'text' },
    salaries: { type: 'numeric' },
    commissions: { type: 'numeric' },
    total: { type: 'numeric' },
    approvedBy: { type: 'text', name: 'approved_by', nullable: true },
  },
});
