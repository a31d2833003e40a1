import { stateTable } from '@instep/department';

import { customer } from '../domain/customer/customer.ts';
import type { Customer } from '../domain/customer/customer.ts';
import { holderOf, identity } from '../domain/customer/identity.ts';
import type { IdentityState } from '../domain/customer/identity.ts';

export type CustomerRow = {
  readonly tenant: string;
  readonly customerId: string;
  /** Null when this customer goes on. */
  readonly mergedInto: string | null;
  /** JSON; null when nothing is known or the customer was merged. */
  readonly personal: string | null;
  readonly knownAt: string | null;
  /** JSON of tags with the orders that they come from, oldest first. */
  readonly tags: string;
  /** JSON of ids at channels. */
  readonly channelCustomers: string;
};

export const customerTable = stateTable<CustomerRow, Customer>({
  table: { name: 'customer', key: ['tenant', 'customerId'] },
  stream: customer,
  rows(state, { tenant, id }) {
    switch (state.status) {
      case 'unknown':
        return [];
      case 'merged':
        return [{ tenant, customerId: id, mergedInto: state.into, personal: null, knownAt: null, tags: '[]', channelCustomers: '[]' }];
      case 'active':
        return [
          {
            tenant,
            customerId: id,
            mergedInto: null,
            personal: state.personal && JSON.stringify(state.personal),
            knownAt: state.knownAt,
            tags: JSON.stringify(state.tags),
            channelCustomers: JSON.stringify(state.identities.channelCustomer),
          },
        ];
    }
  },
});

export type CustomerIdentityRow = { readonly tenant: string; readonly identity: string; readonly customerId: string };

export const customerIdentityTable = stateTable<CustomerIdentityRow, IdentityState>({
  table: { name: 'customer_identity', key: ['tenant', 'identity'] },
  stream: identity,
  rows(state, { tenant, id }) {
    const customerId = holderOf(state);
    return customerId === undefined ? [] : [{ tenant, identity: id, customerId }];
  },
});
