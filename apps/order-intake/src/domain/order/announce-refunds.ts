import { currencyOf } from './announce-payment.ts';
import { isReady } from './is-ready.ts';
import type { Refund } from './order-event.ts';
import type { KnownRefund } from './order-state.ts';
import { itemsOf } from './standing.ts';
import type { Telling } from './telling.ts';

/** Refunded and returned: the latest telling of each refund, told once, and once more when it changed. */
export function announceRefunds(telling: Telling, latest: readonly KnownRefund[]): void {
  for (const { refund, told } of latest) {
    if (told) continue;
    const corrected = telling.state.refunds?.some((known) => known.told && known.refund.refundId === refund.refundId) ?? false;
    if (corrected || isReady(telling.state, refund.lines, refund.at)) announceRefund(telling, refund);
  }
}

function announceRefund(telling: Telling, { refundId, at, lines, shipping, adjustment, money, alone }: Refund): void {
  const { orderId, state } = telling;
  const credited = lines.map(({ lineId, quantity, net, tax }) => ({ lineId, quantity, net, tax }));
  const currency = currencyOf(telling);
  const amounts = { lines: credited, shipping, adjustment, money, ...(alone === undefined ? {} : { alone }) };
  telling.tell({ type: 'order.refunded', data: { orderId, refundId, at, currency, ...amounts } }, at);
  if (lines.length === 0) return;
  const items = itemsOf(state);
  const goods = lines.map(({ lineId, quantity, restock, locationId }) => ({
    lineId,
    item: items.get(lineId) ?? null,
    quantity,
    restock,
    locationId,
  }));
  telling.tell({ type: 'order.returned', data: { orderId, refundId, at, lines: goods } }, at);
}
