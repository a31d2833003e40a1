import type { EventData } from '@instep/contracts';
import { contactOf } from '@instep/contracts';

import { contentHash } from '../content-hash.ts';
import { mapAddress, nameOf } from './person.ts';
import type { Node } from './read.ts';
import { child, flag, instant, optionalInstant, ownId, tags, text, wrong } from './read.ts';

/** A customer of the topics `customers/*`. Throws UnmappableBody. */
export function mapCustomer(customer: Node, channel: string, tenant: string): EventData<'channel-customer.reported'> {
  const channelCustomerId = ownId(customer);
  const email = text(customer, 'email');
  const phone = text(customer, 'phone');
  const contact = contactOf(tenant, { email, phone, channelCustomerId });
  if (contact === null) throw wrong(customer.at, 'a customer');
  const personal = {
    name: nameOf(customer),
    email,
    phone,
    billing: mapAddress(child(customer, 'default_address')),
    note: text(customer, 'note'),
  };
  const facts = {
    channel,
    channelCustomerId,
    contact,
    tags: tags(customer, 'tags'),
    acceptsMarketing: acceptsMarketing(customer),
    personal: Object.values(personal).every((value) => value === null) ? null : personal,
  };
  return {
    ...facts,
    reportedAt: optionalInstant(customer, 'updated_at') ?? instant(customer, 'created_at'),
    contentHash: contentHash(facts),
  };
}

function acceptsMarketing(customer: Node): boolean | null {
  const consent = child(customer, 'email_marketing_consent');
  const state = consent && text(consent, 'state');
  return state ? state === 'subscribed' : flag(customer, 'accepts_marketing');
}
