import { stateTable } from '@instep/department';
import { compare, isZero, zero } from '@instep/values';

import { order } from '../domain/order/order.ts';
import type { OrderState } from '../domain/order/order-state.ts';
import { hasShipped, isPaid, leftToShip, refundedMoney } from '../domain/order/standing.ts';

/** One line per order, as lists and searches need it. */
export type OrderSummary = {
  readonly tenant: string;
  readonly orderId: string;
  readonly channel: string;
  readonly channelOrderId: string | null;
  readonly number: string;
  readonly status: OrderStatus;
  readonly payment: 'unpaid' | 'partly-paid' | 'paid' | 'partly-refunded' | 'refunded';
  readonly shipping: 'open' | 'partly-shipped' | 'shipped' | 'nothing-to-ship';
  readonly currency: string;
  readonly total: string;
  readonly received: string;
  readonly refunded: string;
  readonly placedAt: string;
  /** As of which report of its channel; null for orders without one. */
  readonly reportedAt: string | null;
  /** `held` or `backordered`, else null: what somebody should look at. Ordinary orders never change it, so its index costs them nothing. */
  readonly attention: string | null;
  readonly version: number;
};

export type OrderStatus = 'held' | 'placed' | 'backordered' | 'confirmed' | 'completed' | 'cancelled';

export const needAttention: readonly OrderStatus[] = ['held', 'backordered'];

export const orderSummary = stateTable<OrderSummary, OrderState>({
  table: { name: 'order_summary', key: ['tenant', 'orderId'] },
  stream: order,
  rows(state, { tenant, id, version }) {
    if (state.placed === undefined) return [];
    const { channel, channelOrderId, number, currency, placedAt } = state.placed;
    const status = statusOf(state);
    return [
      {
        tenant,
        orderId: id,
        channel,
        channelOrderId,
        number,
        status,
        payment: paymentOf(state),
        shipping: shippingOf(state),
        currency,
        total: state.total,
        received: state.received,
        refunded: refundedMoney(state),
        placedAt,
        reportedAt: state.asOf?.at ?? null,
        attention: needAttention.includes(status) ? status : null,
        version,
      },
    ];
  },
});

function statusOf(state: OrderState): OrderStatus {
  if (state.cancelled) return 'cancelled';
  if (state.hold !== undefined) return 'held';
  if (state.completed) return 'completed';
  if (state.missing !== undefined && state.missing.length > 0) return 'backordered';
  return state.confirmed ? 'confirmed' : 'placed';
}

function paymentOf(state: OrderState): OrderSummary['payment'] {
  const refunded = refundedMoney(state);
  if (!isZero(refunded)) return compare(refunded, state.received) >= 0 ? 'refunded' : 'partly-refunded';
  if (isPaid(state)) return 'paid';
  return compare(state.received, zero) > 0 ? 'partly-paid' : 'unpaid';
}

function shippingOf(state: OrderState): OrderSummary['shipping'] {
  const open = leftToShip(state).size > 0;
  if (hasShipped(state)) return open ? 'partly-shipped' : 'shipped';
  return open ? 'open' : 'nothing-to-ship';
}
