import { accept, defineCommand, record, refuse } from '@instep/decider';

import { employee } from './employee.ts';
import type { EmployeePersonal, Terms } from './employee.ts';
import { roster, rosterId } from './roster.ts';
import { othersWith, settleWaiting, staffStreams } from './staff-orders.ts';
import { staffTaken } from './refusals.ts';
import { refusedTerms } from './terms.ts';

export interface HireEmployee extends Terms {
  readonly employeeId: string;
  readonly subject: string;
  readonly hiredAt: string;
  readonly staff: readonly string[];
  readonly personal: EmployeePersonal;
}

/** Also takes back somebody who left. Commission of orders that waited for one of the staff ids is settled with it. */
export const hireEmployee = defineCommand<HireEmployee>({
  name: 'hire-employee',
  streams: ({ employeeId, staff }, read) => [
    { stream: employee, id: employeeId },
    { stream: roster, id: rosterId },
    ...staffStreams(employeeId, staff, read),
  ],
  decide({ employeeId, subject, hiredAt, staff, salary, currency, commissionRate, personal }, read, { time }) {
    const before = read.state(employee, employeeId);
    if (before.status === 'employed') return refuse('employee/already-hired', `${employeeId} works here already.`, { employeeId });
    const refused = refusedTerms({ salary, currency, commissionRate });
    if (refused) return refused;
    const other = othersWith(employeeId, staff, read);
    if (other) return staffTaken(other);
    const data = { employeeId, subject, hiredAt, staff: [...new Set(staff)], salary, currency, commissionRate, personal };
    return accept(
      record(employee, employeeId, [{ type: 'employee.hired', data }]),
      settleWaiting(employeeId, data.staff, commissionRate, read, time),
    );
  },
});
