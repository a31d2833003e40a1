import type { StreamDefinition } from '@instep/decider';

import { identitiesNamedBy, isCustomerEvent } from './customer.ts';
import type { CustomerEvent } from './customer.ts';

/** Customers who are or were found by this identity, by id, each with the one it was merged into. */
export type IdentityState = readonly { readonly customer: string; readonly into: string | null }[];

/**
 * Who an e-mail, a phone or a channel's customer belongs to. Folded from events of several customers, whose order a rebuild does not
 * repeat; so it is a set of claims and mergers, and the holder is whoever is left when the mergers are followed.
 */
export const identity: StreamDefinition<IdentityState, CustomerEvent> = {
  name: 'identity',
  initial: () => [],
  evolve(state, event) {
    switch (event.type) {
      case 'customer.registered':
      case 'customer.changed':
        return withClaim(state, event.data.customerId, null);
      case 'customer.merged':
        return withClaim(withClaim(state, event.data.into, null), event.data.customerId, event.data.into);
      case 'customer.tagged':
        return state;
    }
  },
  touchedBy: (event) => (isCustomerEvent(event) ? identitiesNamedBy(event) : []),
};

/** The customer that an identity leads to, or undefined when it is nobody's yet. */
export function holderOf(state: IdentityState): string | undefined {
  let claim = state[0];
  while (claim?.into) {
    const { into } = claim;
    claim = state.find(({ customer }) => customer === into);
  }
  return claim?.customer;
}

function withClaim(state: IdentityState, customer: string, into: string | null): IdentityState {
  const before = state.find((claim) => claim.customer === customer);
  if (before && (before.into !== null || into === null)) return state;
  return [...state.filter((claim) => claim.customer !== customer), { customer, into }].sort((a, b) => (a.customer < b.customer ? -1 : 1));
}
