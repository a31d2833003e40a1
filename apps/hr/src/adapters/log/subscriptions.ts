import type { TopicName } from '@instep/contracts';

import { onOrderChanged } from '../../application/on-order-changed.ts';

/** What hr listens to, and what it makes of it. The consumer's name is where its positions are kept: renaming it reads everything again. */
export const subscriptions = {
  consumer: 'hr.events',
  topics: ['orders'] satisfies readonly TopicName[],
  reactions: onOrderChanged,
};
