import { accept, defineCommand, record, refuse } from '@instep/decider';

import { order } from './order.ts';
import { refuseUnlessDirect } from './refusals.ts';
import { hasShipped } from './standing.ts';

/** What is not shipped of a direct order will not be. Money and goods that go back are told apart. */
export const cancelOrder = defineCommand<{ readonly orderId: string; readonly reason: string | null }>({
  name: 'cancel-order',
  streams: ({ orderId }) => [{ stream: order, id: orderId }],
  decide: ({ orderId, reason }, read, { time }) => {
    const state = read.state(order, orderId);
    const refused = refuseUnlessDirect(state);
    if (refused !== undefined) return refused;
    if (state.cancelled) return refuse('order/already-cancelled', 'The order is cancelled already.');
    return accept(
      record(order, orderId, [{ type: 'order.cancelled', data: { orderId, at: time, reason, afterShipment: hasShipped(state) } }]),
    );
  },
});
