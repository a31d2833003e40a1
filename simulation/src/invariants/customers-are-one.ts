import type { Invariant } from '../evidence.ts';
import { rowsOf } from './database.ts';

export const customersAreOne: Invariant = {
  id: 'INV-13',
  promise: 'Every identity leads to one customer who goes on, and every order that names a person has one.',
  async check(evidence) {
    const customers = new Map(rowsOf(evidence, 'crm', 'customer').map((row) => [String(row['customerId']), row]));
    const identities = new Map(
      rowsOf(evidence, 'crm', 'customer_identity').map((row) => [String(row['identity']), String(row['customerId'])]),
    );
    const lost = [...identities].flatMap(([identity, customerId]) => {
      const found = customers.get(customerId);
      if (!found) return [`identity ${identity} leads to customer ${customerId}, who does not exist`];
      return found['mergedInto'] === null ? [] : [`identity ${identity} leads to customer ${customerId}, who was merged`];
    });
    const orphans = rowsOf(evidence, 'crm', 'customer_order')
      .filter(({ identity, test }) => identity !== null && test === false && !identities.has(String(identity)))
      .map(({ orderId }) => `order ${String(orderId)} names somebody who is no customer`);
    return [...lost, ...orphans];
  },
};
