import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { CurrencyCode, DecimalText, Id } from '../fragments.ts';

export const payrollApprovedV1 = defineEvent({
  name: 'payroll.approved',
  version: 1,
  topic: 'payroll',
  stream: 'payroll-run',
  meaning: 'A payroll run was approved; finance books it.',
  data: Type.Object(
    {
      runId: Id,
      period: Type.String({ pattern: '^\\d{4}-\\d{2}$' }),
      currency: CurrencyCode,
      lines: Type.Array(
        Type.Object({ employeeId: Id, salary: DecimalText, commission: DecimalText, total: DecimalText }, { additionalProperties: false }),
      ),
      salaries: DecimalText,
      commissions: DecimalText,
      total: DecimalText,
      approvedBy: Id,
    },
    { additionalProperties: false },
  ),
});
