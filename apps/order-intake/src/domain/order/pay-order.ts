import { defineCommand, refuse } from '@instep/decider';
import type { Decimal } from '@instep/values';
import { add, isNegative, subtract } from '@instep/values';

import { announcePayment } from './announce-payment.ts';
import { announceProgress } from './announce-progress.ts';
import { order } from './order.ts';
import { refuseUnlessDirect } from './refusals.ts';
import { refundedMoney } from './standing.ts';
import { Telling } from './telling.ts';

/** Money came in for a direct order, or, with an amount below zero, a payment was taken back. */
export const payOrder = defineCommand<{ readonly orderId: string; readonly amount: Decimal }>({
  name: 'pay-order',
  streams: ({ orderId }) => [{ stream: order, id: orderId }],
  decide: ({ orderId, amount }, read) => {
    const state = read.state(order, orderId);
    const refused = refuseUnlessDirect(state);
    if (refused !== undefined) return refused;
    const received = add(state.received, amount);
    if (isNegative(subtract(received, refundedMoney(state)))) {
      return refuse('order/more-than-received', 'More cannot be taken back than was received.', { received: state.received });
    }
    const telling = new Telling(orderId, state);
    announcePayment(telling, received);
    announceProgress(telling);
    return telling.decision();
  },
});
