import { reaction } from '@instep/department';

import { recordContact } from '../domain/customer/record-contact.ts';
import { identitiesOf } from './contact-of.ts';

export const onChannelCustomerReported = reaction('channel-customer.reported', ({ tenant, data }) => [
  recordContact.with({
    ...identitiesOf(tenant, data.channel, data.contact),
    from: 'customer-record',
    source: data.channel,
    seenAt: data.reportedAt,
    personal: data.personal,
    orderId: null,
    tags: data.tags,
  }),
]);
