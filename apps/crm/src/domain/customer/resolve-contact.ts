import type { Contact, Identity, IdentityKind } from './contact.ts';
import type { ActiveCustomer } from './customer.ts';

/** An identity of a contact and who holds it so far. */
export interface Found extends Identity {
  readonly holder: ActiveCustomer | undefined;
}

export interface Resolution {
  /** Undefined: nobody yet. */
  readonly customer: ActiveCustomer | undefined;
  /** Records that turn out to be the same person. */
  readonly absorbed: readonly ActiveCustomer[];
  /** Identities of the contact that the customer holds from now on. A shared phone stays with the first who had it. */
  readonly identities: readonly Identity[];
}

/**
 * A till that enters its own e-mail for everybody would give one customer all phones of the town. Beyond this many, further ones are not
 * taken as the customer's; the strongest identity of a contact always is.
 */
const mostOfAKind = 20;

/** Which identity says more about who somebody is. The customer record of a channel knows its own customer better than a phone does. */
const strength: Readonly<Record<Contact['from'], readonly IdentityKind[]>> = {
  order: ['email', 'phone', 'channelCustomer'],
  'customer-record': ['email', 'channelCustomer', 'phone'],
};

/**
 * Whose contact this is. The strongest identity that leads to somebody decides, unless that person is already known by another e-mail
 * or phone of a stronger kind that was given: then it is somebody else who shares the weaker one. Ids at channels never tell two apart,
 * one person has many.
 */
export function resolveContact(found: readonly Found[], from: Contact['from']): Resolution {
  const order = strength[from];
  const strongestFirst = [...found].sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  const given = strongestFirst.map(({ kind }) => kind);
  const isFree = (holder: ActiveCustomer, kind: IdentityKind) =>
    given.slice(0, given.indexOf(kind)).every((stronger) => stronger === 'channelCustomer' || holder.identities[stronger].length === 0);
  const isOwnRecord = (kind: IdentityKind) => from === 'customer-record' && kind === 'channelCustomer';

  const customer = strongestFirst.find(({ kind, holder }) => holder && (isFree(holder, kind) || isOwnRecord(kind)))?.holder;
  const absorbed = new Map<string, ActiveCustomer>();
  if (customer) {
    for (const { kind, holder } of strongestFirst) {
      if (holder && holder.id !== customer.id && isFree(holder, kind)) absorbed.set(holder.id, holder);
    }
  }
  const hasRoom = (kind: IdentityKind) => kind === found[0]?.kind || !customer || customer.identities[kind].length < mostOfAKind;
  const identities = found
    .filter(({ kind, holder }) => (holder ? holder.id === customer?.id || absorbed.has(holder.id) : hasRoom(kind)))
    .map(({ kind, id }) => ({ kind, id }));
  return { customer, absorbed: [...absorbed.values()], identities };
}
