import type { DepartmentDefinition } from '@instep/department';

import { subscriptions } from './adapters/log/subscriptions.ts';
import { journalLine } from './application/journal-line.projection.ts';
import { orderFacts } from './application/order-facts.projection.ts';
import { accountDocument } from './domain/account-document/account-document.ts';

/** Finance, whole: the same in production, tests and simulation. */
export function compose(): DepartmentDefinition {
  return { service: 'finance', ...subscriptions, streams: [accountDocument], projections: [orderFacts, journalLine] };
}
