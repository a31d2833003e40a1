import { defineCommand, refuse } from '@instep/decider';

import { announceContent } from './announce-content.ts';
import { announcePayment } from './announce-payment.ts';
import { announceProgress } from './announce-progress.ts';
import { order } from './order.ts';
import type { Snapshot } from './snapshot.ts';
import { Telling } from './telling.ts';

/** An order that somebody gives to us directly, not through a channel. */
export const placeOrder = defineCommand<{ readonly orderId: string } & Omit<Snapshot, 'stamp'>>({
  name: 'place-order',
  streams: ({ orderId }) => [{ stream: order, id: orderId }],
  decide: ({ orderId, ...snapshot }, read) => {
    const state = read.state(order, orderId);
    if (state.placed !== undefined) return refuse('order/already-placed', 'This order was placed before.', { orderId });
    const telling = new Telling(orderId, state);
    announceContent(telling, snapshot);
    announcePayment(telling, snapshot.received);
    announceProgress(telling);
    return telling.decision();
  },
});
