import type { Decision } from '@instep/decider';
import { defineCommand, refuse } from '@instep/decider';
import { compare, decimal, isZero, zero } from '@instep/values';

import { announceProgress } from './announce-progress.ts';
import { announceShipments } from './announce-shipments.ts';
import { order } from './order.ts';
import type { Shipment } from './order-event.ts';
import { refuseUnlessWorkable } from './refusals.ts';
import { leftToShip } from './standing.ts';
import { Telling } from './telling.ts';

export interface ShipOrder {
  readonly orderId: string;
  readonly shipmentId: string;
  /** Left out: all that is left. */
  readonly lines?: Shipment['lines'];
  readonly locationId: string | null;
  readonly tracking: Shipment['tracking'];
}

/** Goods of a direct order left. */
export const shipOrder = defineCommand<ShipOrder>({
  name: 'ship-order',
  streams: ({ orderId }) => [{ stream: order, id: orderId }],
  decide: ({ orderId, shipmentId, lines, locationId, tracking }, read, { time }): Decision => {
    const state = read.state(order, orderId);
    const refused = refuseUnlessWorkable(state);
    if (refused !== undefined) return refused;
    const left = new Map(leftToShip(state));
    const goods = lines ?? [...left].map(([lineId, quantity]) => ({ lineId, quantity }));
    if (goods.every((line) => isZero(decimal(line.quantity))))
      return refuse('order/nothing-to-ship', 'Nothing of the order is left to ship.');
    for (const { lineId, quantity } of goods) {
      const rest = left.get(lineId) ?? zero;
      if (compare(decimal(quantity), rest) > 0)
        return refuse('order/more-than-left', `Of line ${lineId} only ${rest} is left to ship.`, { lineId, left: rest });
      left.delete(lineId);
    }
    const telling = new Telling(orderId, state);
    const shipment: Shipment = {
      fulfillmentId: shipmentId,
      status: 'success',
      createdAt: time,
      updatedAt: time,
      locationId,
      lines: goods,
      tracking,
    };
    announceShipments(telling, [{ shipment, told: false }]);
    announceProgress(telling);
    return telling.decision();
  },
});
