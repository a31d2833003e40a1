import type { RefusalStatuses } from '@instep/service-host';

/** What is not listed is 422. */
export const problems: RefusalStatuses = {
  'employee/unknown': 404,
  'employee/already-hired': 409,
  'employee/already-left': 409,
  'employee/staff-id-taken': 409,
  'payroll/not-calculated': 409,
  'payroll/already-approved': 409,
  'payroll/other-period': 409,
  'payroll/period-already-paid': 409,
  'payroll/outdated': 409,
};
