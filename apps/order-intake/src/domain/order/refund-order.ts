import { defineCommand, refuse } from '@instep/decider';
import { add, compare, decimal, subtract, zero } from '@instep/values';

import { announceProgress } from './announce-progress.ts';
import { announceRefunds } from './announce-refunds.ts';
import { order } from './order.ts';
import type { Refund } from './order-event.ts';
import type { OrderState } from './order-state.ts';
import { refuseUnlessDirect } from './refusals.ts';
import { refundedMoney, toldRefunds } from './standing.ts';
import { Telling } from './telling.ts';

export interface RefundOrder {
  readonly orderId: string;
  readonly refund: Omit<Refund, 'at'>;
}

/** Goods or money of a direct order go back. */
export const refundOrder = defineCommand<RefundOrder>({
  name: 'refund-order',
  streams: ({ orderId }) => [{ stream: order, id: orderId }],
  decide: ({ orderId, refund }, read, { time }) => {
    const state = read.state(order, orderId);
    const refused = refuseUnlessDirect(state) ?? refuseGoods(state, refund) ?? refuseMoney(state, refund);
    if (refused !== undefined) return refused;
    const telling = new Telling(orderId, state);
    announceRefunds(telling, [{ refund: { ...refund, at: time }, told: false }]);
    announceProgress(telling);
    return telling.decision();
  },
});

function refuseGoods(state: OrderState, { lines }: RefundOrder['refund']) {
  const rest = new Map(state.lines.map((line) => [line.id, line.quantity]));
  for (const { lineId, quantity } of [...toldRefunds(state).flatMap((refund) => refund.lines), ...lines]) {
    rest.set(lineId, subtract(rest.get(lineId) ?? zero, decimal(quantity)));
  }
  const over = lines.find(({ lineId }) => compare(rest.get(lineId) ?? zero, zero) < 0);
  return (
    over && refuse('order/more-than-ordered', `More of line ${over.lineId} cannot be refunded than was ordered.`, { lineId: over.lineId })
  );
}

function refuseMoney(state: OrderState, { money }: RefundOrder['refund']) {
  const refunded = add(refundedMoney(state), decimal(money));
  if (compare(refunded, state.received) <= 0) return undefined;
  return refuse('order/more-than-received', 'More money cannot be given back than was received.', { received: state.received });
}
