import { accept, defineCommand, nothing, record, refuse } from '@instep/decider';
import type { Reader, StreamRef } from '@instep/decider';

import { identityKinds } from './contact.ts';
import type { Contact, Identity, IdentityKind } from './contact.ts';
import { customer } from './customer.ts';
import type { ActiveCustomer, CustomerEvent, IdentitiesByKind } from './customer.ts';
import { holderOf, identity } from './identity.ts';
import { mergeKnown, samePersonal } from './personal.ts';
import type { Known } from './personal.ts';
import { resolveContact } from './resolve-contact.ts';
import type { Found } from './resolve-contact.ts';
import { newTags } from './tagging.ts';

/** Somebody was seen: finds or registers the customer, adds what is new, joins records that are one person, tags orders. */
export const recordContact = defineCommand<Contact>({
  name: 'record-contact',
  streams: (contact, read) => {
    const customers = [
      newId(contact),
      ...contact.identities.flatMap(({ id }) => (read.has(identity, id) ? (holderOf(read.state(identity, id)) ?? []) : [])),
    ];
    return [
      ...contact.identities.map(({ id }) => identityRef(id)),
      ...customers.flatMap((id) => [{ stream: customer, id }, ...identitiesOfCustomer(id, read)]),
    ];
  },
  decide(contact, read) {
    if (contact.identities.length === 0) return nothing;
    const found = contact.identities.map((given): Found => ({ ...given, holder: holder(given, read) }));
    const { customer: known, absorbed, identities } = resolveContact(found, contact.from);
    const id = known?.id ?? newId(contact);
    const inherited = absorbed.flatMap(({ tags }) => tags);
    return accept(
      ...absorbed.map((other) => record(customer, other.id, [merged(other, id)])),
      record(customer, id, known ? changed(known, absorbed, identities, contact) : [registered(id, identities, contact)]),
      record(
        customer,
        id,
        newTags(known?.tags ?? [], inherited, contact.orderId, contact.tags).map((tag) => ({
          type: 'customer.tagged',
          data: { customerId: id, ...tag },
        })),
      ),
    );
  },
});

/** As recordContact, for those who enter a customer by hand: without e-mail and phone nobody would find the record again. */
export const registerCustomer = defineCommand<Contact>({
  name: 'register-customer',
  streams: (contact, read) => recordContact.streams(contact, read),
  decide: (contact, read, context) =>
    contact.identities.length === 0
      ? refuse('customer/no-contact', 'A customer needs an e-mail address or a phone number by which it is found again.')
      : recordContact.decide(contact, read, context),
});

function newId(contact: Contact): string {
  return `cus_${contact.pseudonym}`;
}

function identityRef(id: string): StreamRef {
  return { stream: identity, id };
}

/** Recording a change tells all that finds a customer, so all of it is touched. */
function identitiesOfCustomer(id: string, read: Reader): readonly StreamRef[] {
  if (!read.has(customer, id)) return [];
  const state = read.state(customer, id);
  return state.status === 'active' ? identitiesOf(state).map((one) => identityRef(one.id)) : [];
}

function holder({ id }: Identity, read: Reader): ActiveCustomer | undefined {
  const holderId = holderOf(read.state(identity, id));
  if (holderId === undefined) return undefined;
  const state = read.state(customer, holderId);
  if (state.status !== 'active') throw new Error(`the identity ${id} leads to the customer ${holderId}, who is ${state.status}`);
  return state;
}

function registered(id: string, identities: readonly Identity[], contact: Contact): CustomerEvent {
  const { personal, knownAt } = mergeKnown({ personal: null, knownAt: contact.seenAt }, seen(contact));
  return {
    type: 'customer.registered',
    data: { ...foundBy(id, byKind(identities)), subject: contact.subject, source: contact.source, knownAt, personal },
  };
}

function merged({ id, identities }: ActiveCustomer, into: string): CustomerEvent {
  return { type: 'customer.merged', data: { ...foundBy(id, identities), into } };
}

function changed(
  before: ActiveCustomer,
  absorbed: readonly ActiveCustomer[],
  gained: readonly Identity[],
  contact: Contact,
): CustomerEvent[] {
  const { personal, knownAt } = [...absorbed, seen(contact)].reduce<Known>(mergeKnown, before);
  const had = identitiesOf(before);
  const identities = byKind([...had, ...absorbed.flatMap(identitiesOf), ...gained]);
  const isNew = identityKinds.flatMap((kind) => identities[kind]).length > had.length;
  if (!isNew && samePersonal(personal, before.personal)) return [];
  return [{ type: 'customer.changed', data: { ...foundBy(before.id, identities), knownAt, personal } }];
}

function seen(contact: Contact): Known {
  return { personal: contact.personal, knownAt: contact.seenAt };
}

function foundBy(customerId: string, identities: IdentitiesByKind) {
  return {
    customerId,
    identities: { emails: [...identities.email], phones: [...identities.phone] },
    channelCustomers: [...identities.channelCustomer],
  };
}

function identitiesOf({ identities }: ActiveCustomer): readonly Identity[] {
  return identityKinds.flatMap((kind) => identities[kind].map((id) => ({ kind, id })));
}

function byKind(identities: readonly Identity[]): IdentitiesByKind {
  const of = (kind: IdentityKind) => [...new Set(identities.filter((one) => one.kind === kind).map(({ id }) => id))];
  return { email: of('email'), phone: of('phone'), channelCustomer: of('channelCustomer') };
}
