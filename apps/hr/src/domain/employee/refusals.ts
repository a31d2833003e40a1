import { refuse } from '@instep/decider';
import type { Decision } from '@instep/decider';

export function unknownEmployee(employeeId: string): Decision {
  return refuse('employee/unknown', `There is no employee ${employeeId}.`, { employeeId });
}

export function staffTaken({ id, staff }: { readonly id: string; readonly staff: string }): Decision {
  return refuse('employee/staff-id-taken', `The staff id ${staff} is the one of ${id}.`, { staff, employeeId: id });
}
