import { EntitySchema } from 'typeorm';

import type { EmployeeRow } from '../../application/employee.projection.ts';

export const employeeSchema = new EntitySchema<EmployeeRow>({
  name: 'employee',
  tableName: 'employee',
  columns: {
    tenant: { type: 'text', primary: true },
    employeeId: { type: 'text', primary: true, name: 'employee_id' },
    hiredAt: { type: 'text', name: 'hired_at' },
    leftAt: { type: 'text', name: 'left_at', nullable: true },
    staff: { type: 'text' },
    salary: { type: 'numeric' },
    currency: { type: 'text' },
    commissionRate: { type: 'numeric', name: 'commission_rate' },
    personal: { type: 'text', nullable: true },
  },
});
