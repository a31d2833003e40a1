import type { TopicName } from '@instep/contracts';

import { onChannelCustomerReported } from '../../application/on-channel-customer-reported.ts';
import { onOrderContact } from '../../application/on-order-contact.ts';

/** What crm listens to, and what it makes of it. The consumer's name is where its positions are kept: renaming it reads everything again. */
export const subscriptions = {
  consumer: 'crm.events',
  topics: ['orders', 'channels'] satisfies readonly TopicName[],
  reactions: [...onOrderContact, onChannelCustomerReported],
};
