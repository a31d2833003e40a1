import type { DepartmentDefinition } from '@instep/department';

import { consumer, subscriptions } from './adapters/log/subscriptions.ts';
import { orderHistory } from './application/order-history.projection.ts';
import { orderSummary } from './application/order-summary.projection.ts';
import { order } from './domain/order/order.ts';

export function compose(): DepartmentDefinition {
  return {
    service: 'order-intake',
    consumer,
    streams: [order],
    topics: subscriptions.topics,
    reactions: subscriptions.reactions,
    projections: [orderSummary, orderHistory],
  };
}
