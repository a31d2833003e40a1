import type { Decimal } from '@instep/values';
import { isZero, subtract } from '@instep/values';

import { isPaid } from './standing.ts';
import type { Telling } from './telling.ts';

/** Money captured since it was told last; negative when the channel took a capture back. */
export function announcePayment(telling: Telling, received: Decimal): void {
  const { orderId, state } = telling;
  const amount = subtract(received, state.received);
  if (isZero(amount)) return;
  const complete = isPaid({ ...state, received });
  telling.tell({ type: 'order.paid', data: { orderId, amount, received, currency: currencyOf(telling), complete } });
}

export function currencyOf(telling: Telling): string {
  if (telling.state.placed === undefined) throw new Error('the order has no currency before it is placed');
  return telling.state.placed.currency;
}
