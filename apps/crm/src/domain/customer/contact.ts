import type { Personal } from '@instep/contracts';

/** What somebody is found by. */
export const identityKinds = ['email', 'phone', 'channelCustomer'] as const;

export type IdentityKind = (typeof identityKinds)[number];

export interface Identity {
  readonly kind: IdentityKind;
  /** Hash of the normalised e-mail or phone, or `<channel>:<id at the channel>`. Also the id of the identity's stream. */
  readonly id: string;
}

/** Somebody was seen: in an order, in a channel's customer record, or entered by hand. */
export interface Contact {
  /** At most one of a kind, e-mail before phone before the channel's id. Empty for a guest of whom nothing is known. */
  readonly identities: readonly Identity[];
  /** Pseudonym of the strongest identity; a new customer is named after it. */
  readonly pseudonym: string;
  /** The name under which the personal data is sealed. */
  readonly subject: string;
  /** A channel's own customer record says for sure that its e-mail and phone belong to this person; an order only says who ordered. */
  readonly from: 'order' | 'customer-record';
  readonly source: string;
  readonly seenAt: string;
  readonly personal: Personal | null;
  readonly orderId: string | null;
  readonly tags: readonly string[];
}
