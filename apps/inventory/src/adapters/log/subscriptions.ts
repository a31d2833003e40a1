import type { TopicName } from '@instep/contracts';

import { onChannelProductReported } from '../../application/on-channel-product-reported.ts';
import { onOrderChanged } from '../../application/on-order-changed.ts';

/** What inventory listens to, and what it makes of it. The consumer's name is where its positions are kept: renaming it reads everything again. */
export const subscriptions = {
  consumer: 'inventory.events',
  topics: ['orders', 'channels'] satisfies readonly TopicName[],
  reactions: [...onOrderChanged, onChannelProductReported],
};
