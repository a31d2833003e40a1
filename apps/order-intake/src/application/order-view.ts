import { add, decimal, zero } from '@instep/values';

import type { OrderState } from '../domain/order/order-state.ts';
import { leftToShip, shippedGoods, toldRefunds } from '../domain/order/standing.ts';
import type { OrderSummary } from './order-summary.projection.ts';
import { orderSummary } from './order-summary.projection.ts';

export interface OrderView extends Omit<OrderSummary, 'tenant' | 'attention'> {
  readonly lines: readonly {
    readonly lineId: string;
    readonly item: string | null;
    readonly quantity: string;
    readonly shippable: boolean;
    readonly shipped: string;
    readonly refunded: string;
    readonly left: string;
  }[];
  readonly hold: readonly { readonly code: string; readonly lineId: string | null; readonly message: string }[];
  readonly missing: readonly { readonly lineId: string; readonly item: string; readonly missing: string }[];
  readonly shipments: readonly {
    readonly shipmentId: string;
    readonly status: string;
    readonly shippedAt: string;
    readonly locationId: string | null;
  }[];
  readonly refunds: readonly { readonly refundId: string; readonly at: string; readonly money: string }[];
}

/** An order as one looks at it. Undefined while refunds or shipments wait for it. */
export function orderView(tenant: string, id: string, state: OrderState, version: number): OrderView | undefined {
  const [summary] = orderSummary.rows(state, { tenant, id, version });
  if (summary === undefined) return undefined;
  const { tenant: _, attention: __, ...shown } = summary;
  return {
    ...shown,
    lines: linesOf(state),
    hold: state.hold?.reasons ?? [],
    missing: state.missing ?? [],
    shipments: (state.shipments ?? []).map(({ shipment }) => ({
      shipmentId: shipment.fulfillmentId,
      status: shipment.status,
      shippedAt: shipment.createdAt,
      locationId: shipment.locationId,
    })),
    refunds: toldRefunds(state).map(({ refundId, at, money }) => ({ refundId, at, money })),
  };
}

function linesOf(state: OrderState): OrderView['lines'] {
  const shipped = shippedGoods(state);
  const left = leftToShip(state);
  const refunded = new Map<string, ReturnType<typeof decimal>>();
  for (const { lineId, quantity } of toldRefunds(state).flatMap((refund) => refund.lines)) {
    refunded.set(lineId, add(refunded.get(lineId) ?? zero, decimal(quantity)));
  }
  return state.lines.map(({ id, item, quantity, shippable }) => ({
    lineId: id,
    item,
    quantity,
    shippable,
    shipped: shipped.get(id) ?? zero,
    refunded: refunded.get(id) ?? zero,
    left: left.get(id) ?? zero,
  }));
}
