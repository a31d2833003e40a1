import { accept, defineCommand, nothing, record } from '@instep/decider';
import type { Decimal } from '@instep/values';

import { employee } from './employee.ts';
import type { EmployeePersonal, KnownEmployee } from './employee.ts';
import { staffTaken, unknownEmployee } from './refusals.ts';
import { othersWith, settleWaiting, staffStreams } from './staff-orders.ts';
import { refusedTerms } from './terms.ts';

/** What is not named stays as it is. */
export interface ChangeEmployee {
  readonly employeeId: string;
  readonly staff?: readonly string[];
  readonly salary?: Decimal;
  readonly currency?: string;
  readonly commissionRate?: Decimal;
  readonly personal?: EmployeePersonal;
}

/** Somebody who left can be changed too: a wrong record must be mendable. */
export const changeEmployee = defineCommand<ChangeEmployee>({
  name: 'change-employee',
  streams(change, read) {
    const before = read.has(employee, change.employeeId) ? read.state(employee, change.employeeId) : undefined;
    const staff = change.staff ?? (before && before.status !== 'unknown' ? before.staff : []);
    return [{ stream: employee, id: change.employeeId }, ...staffStreams(change.employeeId, staff, read)];
  },
  decide(change, read, { time }) {
    const { employeeId } = change;
    const before = read.state(employee, employeeId);
    if (before.status === 'unknown') return unknownEmployee(employeeId);
    const { staff, salary, currency, commissionRate, personal } = { ...before, ...change };
    const refused = refusedTerms({ salary, currency, commissionRate });
    if (refused) return refused;
    const other = before.status === 'employed' ? othersWith(employeeId, staff, read) : undefined;
    if (other) return staffTaken(other);
    const data = { employeeId, staff: [...new Set(staff)], salary, currency, commissionRate, personal };
    if (isAsBefore(before, data)) return nothing;
    return accept(
      record(employee, employeeId, [{ type: 'employee.changed', data }]),
      settleWaiting(employeeId, data.staff, commissionRate, read, time),
    );
  },
});

function isAsBefore(
  before: KnownEmployee,
  now: Pick<KnownEmployee, 'staff' | 'salary' | 'currency' | 'commissionRate' | 'personal'>,
): boolean {
  const told = ({ staff, salary, currency, commissionRate, personal }: typeof now) =>
    JSON.stringify([staff, salary, currency, commissionRate, personal && [personal.name, personal.email]]);
  return told(before) === told(now);
}
