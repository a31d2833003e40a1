import type { StreamRef } from '@instep/decider';
import type { AnyReaction, IncomingEvent, ViewReader } from '@instep/department';
import { reaction } from '@instep/department';

import { itemStream } from '../domain/item/item.ts';
import { reservationStream } from '../domain/reservation/reservation.ts';
import { followOrder } from './follow-order.ts';
import { demandOf, orderDemand } from './order-demand.projection.ts';

type WithContent = 'order.placed' | 'order.amended' | 'order.released';
type WithGoods = 'order.shipped' | 'order.shipment-cancelled' | 'order.returned';
type AboutOrder = IncomingEvent<WithContent | WithGoods | 'order.held' | 'order.cancelled'>;

/** Whatever happens to an order, its stock is made to stand as all its facts want it. */
export const onOrderChanged: readonly AnyReaction[] = [
  reaction('order.placed', follow, { views: [orderDemand], preload: streamsOf }),
  reaction('order.amended', follow, { views: [orderDemand], preload: streamsOf }),
  reaction('order.held', follow, { views: [orderDemand], preload: streamsOf }),
  reaction('order.released', follow, { views: [orderDemand], preload: streamsOf }),
  reaction('order.cancelled', follow, { views: [orderDemand], preload: streamsOf }),
  reaction('order.shipped', follow, { views: [orderDemand], preload: streamsOf }),
  reaction('order.shipment-cancelled', follow, { views: [orderDemand], preload: streamsOf }),
  reaction('order.returned', follow, { views: [orderDemand], preload: streamsOf }),
];

function follow({ tenant, data: { orderId } }: AboutOrder, views: ViewReader) {
  const row = views.row(orderDemand, [tenant, orderId]);
  if (!row) throw new Error(`no facts of order ${orderId}`);
  return [followOrder.with({ orderId, demand: demandOf(row) })];
}

/** They are read with the order's facts, not one round trip after them. */
function streamsOf({ data }: AboutOrder): readonly StreamRef[] {
  const lines = 'content' in data ? data.content.lines : 'lines' in data ? data.lines : [];
  const items = new Set(lines.map((line) => line.item).filter((item) => item !== null));
  return [{ stream: reservationStream, id: data.orderId }, ...[...items].map((id) => ({ stream: itemStream, id }))];
}
