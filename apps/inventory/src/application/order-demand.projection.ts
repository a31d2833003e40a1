import type { EventData } from '@instep/contracts';
import type { RowKey, View } from '@instep/department';
import { rowFacts, view } from '@instep/department';

import type { DemandLine, DemandRefund, DemandShipment, OrderDemand } from '../domain/reservation/order-demand.ts';
import { noDemand } from '../domain/reservation/order-demand.ts';

// A type, not an interface: rows have an index signature.
export type OrderDemandRow = {
  readonly tenant: string;
  readonly orderId: string;
  /** An OrderDemand as JSON. */
  readonly facts: string;
};

type Fold = (demand: OrderDemand) => OrderDemand;

const kept = rowFacts<OrderDemand>();

/** One row per order: all that orders events said that matters for stock. They have one key, so they are folded as they happened. */
export const orderDemand: View<OrderDemandRow> = view<OrderDemandRow>({
  table: { name: 'order_demand', key: ['tenant', 'orderId'] },
  on: {
    'order.placed': {
      keys: keysOf,
      fold: (row, { data }, key) =>
        folded(row, key, (demand) => ({
          ...demand,
          placed: true,
          held: data.hold !== null,
          location: data.locationId,
          lines: linesOf(data.content),
        })),
    },
    'order.amended': {
      keys: keysOf,
      fold: (row, { data }, key) =>
        folded(row, key, (demand) => ({
          ...demand,
          lines: linesOf(data.content),
          location: data.head ? data.head.locationId : demand.location,
        })),
    },
    'order.held': { keys: keysOf, fold: (row, _event, key) => folded(row, key, (demand) => ({ ...demand, held: true })) },
    'order.released': {
      keys: keysOf,
      fold: (row, { data }, key) => folded(row, key, (demand) => ({ ...demand, held: false, lines: linesOf(data.content) })),
    },
    'order.cancelled': { keys: keysOf, fold: (row, _event, key) => folded(row, key, (demand) => ({ ...demand, cancelled: true })) },
    'order.shipped': {
      keys: keysOf,
      fold: (row, { data }, key) => {
        const lines = data.lines.map(({ lineId, item, quantity }) => ({ lineId, item, quantity }));
        const shipment: DemandShipment = { id: data.shipmentId, at: data.shippedAt, location: data.locationId, lines };
        return folded(row, key, (demand) => ({ ...demand, shipments: instead(demand.shipments, shipment) }));
      },
    },
    'order.shipment-cancelled': {
      keys: keysOf,
      fold: (row, { data }, key) =>
        folded(row, key, (demand) => ({ ...demand, shipments: demand.shipments.filter((shipment) => shipment.id !== data.shipmentId) })),
    },
    'order.returned': {
      keys: keysOf,
      fold: (row, { data }, key) => {
        const lines = data.lines.map(({ lineId, item, quantity, restock, locationId }) => ({
          lineId,
          item,
          quantity,
          restock,
          location: locationId,
        }));
        const refund: DemandRefund = { id: data.refundId, at: data.at, lines };
        return folded(row, key, (demand) => ({ ...demand, refunds: instead(demand.refunds, refund) }));
      },
    },
  },
});

export function demandOf(row: OrderDemandRow): OrderDemand {
  return kept.read(row);
}

function keysOf(event: { readonly tenant: string; readonly data: { readonly orderId: string } }): readonly RowKey[] {
  return [[event.tenant, event.data.orderId]];
}

function folded(row: OrderDemandRow | undefined, [tenant = '', orderId = '']: RowKey, fold: Fold): OrderDemandRow {
  return kept.write({ tenant, orderId }, fold(row ? demandOf(row) : noDemand));
}

function linesOf(content: EventData<'order.placed'>['content']): DemandLine[] {
  return content.lines.map(({ lineId, item, quantity, shippable, giftCard }) => ({
    lineId,
    item,
    quantity,
    stocked: shippable && !giftCard,
  }));
}

/** Told again, a fact takes the place of what was told before. */
function instead<Fact extends { readonly id: string }>(facts: readonly Fact[], fact: Fact): Fact[] {
  return [...facts.filter((one) => one.id !== fact.id), fact];
}
