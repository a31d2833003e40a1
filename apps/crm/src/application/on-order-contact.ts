import type { OrderHead } from '@instep/contracts';
import type { Command } from '@instep/decider';
import { reaction } from '@instep/department';
import type { AnyReaction } from '@instep/department';

import { recordContact } from '../domain/customer/record-contact.ts';
import { identitiesOf } from './contact-of.ts';
import { customerOrder } from './customer-order.projection.ts';

/** Whoever orders is a customer, unless the order is a test or names nobody. */
export const onOrderContact: readonly AnyReaction[] = [
  reaction('order.placed', ({ tenant, subject, data }) => whoOrdered(tenant, subject, data.channel, data)),
  reaction(
    'order.amended',
    ({ tenant, subject, data }, views) => {
      const row = views.row(customerOrder, [tenant, subject]);
      return data.head && row ? whoOrdered(tenant, subject, row.channel, data.head) : [];
    },
    { views: [customerOrder] },
  ),
];

function whoOrdered(
  tenant: string,
  orderId: string,
  channel: string,
  { customer, placedAt, personal, test }: OrderHead,
): readonly Command[] {
  const found = identitiesOf(tenant, channel, customer);
  if (test || found.identities.length === 0) return [];
  return [recordContact.with({ ...found, from: 'order', source: channel, seenAt: placedAt, personal, orderId, tags: [] })];
}
