import type { DepartmentDefinition } from '@instep/department';

import { subscriptions } from './adapters/log/subscriptions.ts';
import { customerOrder } from './application/customer-order.projection.ts';
import { customerIdentityTable, customerTable } from './application/customer.projection.ts';
import { customer } from './domain/customer/customer.ts';
import { identity } from './domain/customer/identity.ts';

/** Customer relations, whole: the same in production, tests and simulation. */
export function compose(): DepartmentDefinition {
  return {
    service: 'crm',
    ...subscriptions,
    streams: [customer, identity],
    projections: [customerOrder, customerTable, customerIdentityTable],
  };
}
