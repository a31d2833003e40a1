import { stateTable } from '@instep/department';

import { employee } from '../domain/employee/employee.ts';
import type { Employee } from '../domain/employee/employee.ts';

export type EmployeeRow = {
  readonly tenant: string;
  readonly employeeId: string;
  readonly hiredAt: string;
  /** Null while employed. */
  readonly leftAt: string | null;
  /** JSON of staff ids. */
  readonly staff: string;
  readonly salary: string;
  readonly currency: string;
  readonly commissionRate: string;
  /** JSON, or null. */
  readonly personal: string | null;
};

export const employeeTable = stateTable<EmployeeRow, Employee>({
  table: { name: 'employee', key: ['tenant', 'employeeId'] },
  stream: employee,
  rows(state, { tenant, id }) {
    if (state.status === 'unknown') return [];
    const last = state.spans.at(-1);
    return [
      {
        tenant,
        employeeId: id,
        hiredAt: last?.from ?? '',
        leftAt: last?.to ?? null,
        staff: JSON.stringify(state.staff),
        salary: state.salary,
        currency: state.currency,
        commissionRate: state.commissionRate,
        personal: state.personal && JSON.stringify(state.personal),
      },
    ];
  },
});
