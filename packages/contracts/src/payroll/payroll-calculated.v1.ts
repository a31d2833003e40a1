import { Type } from 'typebox';

import { defineEvent } from '../define-event.ts';
import { CurrencyCode, DecimalText, Id } from '../fragments.ts';

export const payrollCalculatedV1 = defineEvent({
  name: 'payroll.calculated',
  version: 1,
  topic: 'payroll',
  stream: 'payroll-run',
  meaning: 'A payroll run was worked out: salaries and commissions of a month. Calculated again until approved.',
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
    },
    { additionalProperties: false },
  ),
});
