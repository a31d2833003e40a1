import type { Decision } from '@instep/decider';
import { refuse } from '@instep/decider';

import type { OrderState } from './order-state.ts';

export const directChannel = 'direct';

export const unknownOrder: Decision = refuse('order/unknown', 'There is no such order.');

/** Orders of a channel are changed there: what we changed by ourselves its next report would contradict. */
export function refuseUnlessDirect({ placed }: OrderState): Decision | undefined {
  if (placed === undefined) return unknownOrder;
  if (placed.channel === directChannel) return undefined;
  return refuse('order/kept-by-channel', `This order is kept by the channel "${placed.channel}": change it there.`, {
    channel: placed.channel,
  });
}

export function refuseUnlessWorkable(state: OrderState): Decision | undefined {
  const refused = refuseUnlessDirect(state);
  if (refused !== undefined) return refused;
  if (state.cancelled) return refuse('order/already-cancelled', 'The order is cancelled.');
  if (state.hold !== undefined) return refuse('order/held', 'The order is on hold. Release it first.', { reasons: state.hold.reasons });
  return undefined;
}
