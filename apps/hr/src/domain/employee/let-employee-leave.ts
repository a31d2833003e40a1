import { accept, defineCommand, record, refuse } from '@instep/decider';

import { employee } from './employee.ts';
import { unknownEmployee } from './refusals.ts';

export interface LetEmployeeLeave {
  readonly employeeId: string;
  readonly leftAt: string;
}

/** The staff ids stay with the record until somebody else gets them: orders sold before may still earn or lose commission. */
export const letEmployeeLeave = defineCommand<LetEmployeeLeave>({
  name: 'let-employee-leave',
  streams: ({ employeeId }) => [{ stream: employee, id: employeeId }],
  decide({ employeeId, leftAt }, read) {
    const before = read.state(employee, employeeId);
    if (before.status === 'unknown') return unknownEmployee(employeeId);
    if (before.status === 'left') return refuse('employee/already-left', `${employeeId} left already.`, { employeeId });
    const from = before.spans.at(-1)?.from ?? '';
    if (leftAt.slice(0, 10) < from.slice(0, 10))
      return refuse('employee/leaves-before-hired', `${employeeId} was hired on ${from.slice(0, 10)}.`, { employeeId, hiredAt: from });
    return accept(record(employee, employeeId, [{ type: 'employee.left', data: { employeeId, leftAt } }]));
  },
});
