import { isReady } from './is-ready.ts';
import { goodsOf } from './known-shipments.ts';
import type { KnownShipment, OrderState } from './order-state.ts';
import { itemsOf, leftToShip } from './standing.ts';
import type { Telling } from './telling.ts';

type Known = KnownShipment['shipment'];

/** Shipped and shipment-cancelled: what left according to the latest telling of each shipment, less what was told. */
export function announceShipments(telling: Telling, latest: readonly KnownShipment[]): void {
  for (const { shipment, told } of latest) if (!told) announceShipment(telling, shipment);
}

function announceShipment(telling: Telling, shipment: Known): void {
  const before = telling.state.shipments?.find(({ shipment: { fulfillmentId } }) => fulfillmentId === shipment.fulfillmentId);
  const wasOut = before?.told === true;
  const isOut = shipment.status === 'success' && (wasOut || isReady(telling.state, shipment.lines, shipment.updatedAt));
  if (wasOut && isOut && goodsOf(before.shipment) === goodsOf(shipment)) return;
  if (wasOut) tellCancelled(telling, before.shipment, shipment.updatedAt);
  if (isOut) tellShipped(telling, shipment);
}

function tellCancelled(telling: Telling, shipment: Known, updatedAt: string): void {
  const { orderId, state } = telling;
  const { fulfillmentId: shipmentId, locationId } = shipment;
  telling.tell(
    { type: 'order.shipment-cancelled', data: { orderId, shipmentId, updatedAt, locationId, lines: linesOf(state, shipment) } },
    updatedAt,
  );
}

function tellShipped(telling: Telling, shipment: Known): void {
  const { orderId, state } = telling;
  const { fulfillmentId: shipmentId, createdAt: shippedAt, updatedAt, locationId, tracking = noTracking } = shipment;
  const complete = leftToShip(state, shipment.lines).size === 0;
  telling.tell(
    {
      type: 'order.shipped',
      data: { orderId, shipmentId, shippedAt, updatedAt, locationId, lines: linesOf(state, shipment), tracking, complete },
    },
    shippedAt,
  );
}

function linesOf(state: OrderState, shipment: Known): { lineId: string; item: string | null; quantity: string }[] {
  const items = itemsOf(state);
  return shipment.lines.map(({ lineId, quantity }) => ({ lineId, item: items.get(lineId) ?? null, quantity }));
}

const noTracking = { company: null, numbers: [], urls: [] };
