import type { EventOf, Personal } from '@instep/contracts';
import type { DomainEvent, StreamDefinition } from '@instep/decider';

import type { IdentityKind } from './contact.ts';

export type CustomerEvent = EventOf<'customer.registered' | 'customer.changed' | 'customer.merged' | 'customer.tagged'>;

export interface Tag {
  readonly tag: string;
  readonly orderId: string | null;
}

export type IdentitiesByKind = Readonly<Record<IdentityKind, readonly string[]>>;

export interface ActiveCustomer {
  readonly status: 'active';
  readonly id: string;
  readonly subject: string;
  readonly identities: IdentitiesByKind;
  readonly personal: Personal | null;
  /** When the newest source of the personal data said so. */
  readonly knownAt: string;
  readonly tags: readonly Tag[];
}

export type Customer =
  { readonly status: 'unknown' } | ActiveCustomer | { readonly status: 'merged'; readonly id: string; readonly into: string };

export const customer: StreamDefinition<Customer, CustomerEvent> = {
  name: 'customer',
  initial: () => ({ status: 'unknown' }),
  evolve(state, event) {
    switch (event.type) {
      case 'customer.registered':
        if (state.status !== 'unknown') throw new Error('a customer was registered twice');
        return { status: 'active', id: event.data.customerId, subject: event.data.subject, tags: [], ...known(event.data) };
      case 'customer.changed':
        return { ...active(state, event), ...known(event.data) };
      case 'customer.merged':
        return { status: 'merged', id: event.data.customerId, into: event.data.into };
      case 'customer.tagged': {
        const before = active(state, event);
        return { ...before, tags: [...before.tags, { tag: event.data.tag, orderId: event.data.orderId }] };
      }
    }
  },
};

/** Ids of the identities that an event of a customer names: all that the customer is found by. */
export function identitiesNamedBy(event: CustomerEvent): readonly string[] {
  if (event.type === 'customer.tagged') return [];
  const { identities, channelCustomers } = event.data;
  return [...identities.emails, ...identities.phones, ...channelCustomers];
}

export function isCustomerEvent(event: DomainEvent): event is CustomerEvent {
  return event.type.startsWith('customer.');
}

function known({ identities, channelCustomers, personal, knownAt }: EventOf<'customer.changed'>['data']) {
  return { identities: { email: identities.emails, phone: identities.phones, channelCustomer: channelCustomers }, personal, knownAt };
}

function active(state: Customer, event: CustomerEvent): ActiveCustomer {
  if (state.status !== 'active') throw new Error(`"${event.type}" in the stream of a customer who is ${state.status}`);
  return state;
}
