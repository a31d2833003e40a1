import type { TopicName } from '@instep/contracts';

import { onWebhookReceived } from '../../application/on-webhook-received.ts';

/** What connectors listen to, and what they make of it. The consumer's name is where its positions are kept: renaming it reads everything again. */
export const subscriptions = {
  consumer: 'connectors.raw',
  topics: ['raw.shopify'] satisfies readonly TopicName[],
  reactions: [onWebhookReceived],
};
