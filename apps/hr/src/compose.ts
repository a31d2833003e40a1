import type { DepartmentDefinition } from '@instep/department';

import { subscriptions } from './adapters/log/subscriptions.ts';
import { commissionEntry, orderCommissionTable } from './application/commission.projection.ts';
import { employeeTable } from './application/employee.projection.ts';
import { orderSale } from './application/order-sale.projection.ts';
import { payrollRunTable } from './application/payroll-run.projection.ts';
import { commission } from './domain/commission/commission.ts';
import { staffLink } from './domain/commission/staff-link.ts';
import { employee } from './domain/employee/employee.ts';
import { roster } from './domain/employee/roster.ts';
import { earnings } from './domain/payroll/earnings.ts';
import { payrollPeriod } from './domain/payroll/payroll-period.ts';
import { payrollRun } from './domain/payroll/payroll-run.ts';

/** Human resources, whole: the same in production, tests and simulation. */
export function compose(): DepartmentDefinition {
  return {
    service: 'hr',
    ...subscriptions,
    streams: [employee, roster, staffLink, commission, earnings, payrollRun, payrollPeriod],
    projections: [orderSale, employeeTable, orderCommissionTable, commissionEntry, payrollRunTable],
  };
}
