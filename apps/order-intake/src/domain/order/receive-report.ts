import { defineCommand } from '@instep/decider';

import type { News } from './announce.ts';
import { announce } from './announce.ts';
import { order } from './order.ts';

export interface Report extends News {
  readonly orderId: string;
}

/** A channel says how an order, a refund or a shipment stands. Never refused: what is stale or known already changes nothing. */
export const receiveReport = defineCommand<Report>({
  name: 'receive-report',
  streams: ({ orderId }) => [{ stream: order, id: orderId }],
  decide: ({ orderId, ...news }, read) => announce(orderId, read.state(order, orderId), news),
});
