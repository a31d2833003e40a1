import { pseudonym } from '@instep/contracts';
import type { Contact as Reported } from '@instep/contracts';

import type { Contact, Identity } from '../domain/customer/contact.ts';

/** How a reported contact is found again, and what a new customer would be named after. No identities for a guest. */
export function identitiesOf(
  tenant: string,
  channel: string,
  contact: Reported | null,
): Pick<Contact, 'identities' | 'pseudonym' | 'subject'> {
  if (!contact) return { identities: [], pseudonym: '', subject: '' };
  const channelCustomer = contact.channelCustomerId === null ? null : `${channel}:${contact.channelCustomerId}`;
  const identities: Identity[] = [];
  if (contact.email !== null) identities.push({ kind: 'email', id: contact.email });
  if (contact.phone !== null) identities.push({ kind: 'phone', id: contact.phone });
  if (channelCustomer !== null) identities.push({ kind: 'channelCustomer', id: channelCustomer });
  const named = contact.email ?? contact.phone ?? (channelCustomer === null ? '' : pseudonym(tenant, 'customer', channelCustomer));
  return { identities, pseudonym: named, subject: contact.subject };
}
