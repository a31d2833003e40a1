import type { DepartmentDefinition } from '@instep/department';

import { subscriptions } from './adapters/log/subscriptions.ts';
import { channelItem } from './application/channel-item.projection.ts';
import { channelStock } from './application/channel-stock.projection.ts';
import { itemCatalog } from './application/item-catalog.projection.ts';
import { orderDemand } from './application/order-demand.projection.ts';
import { reservationLine } from './application/reservation-line.projection.ts';
import { stockLevel } from './application/stock-level.projection.ts';
import { itemStream } from './domain/item/item.ts';
import { reservationStream } from './domain/reservation/reservation.ts';

/** Inventory, whole: the same in production, tests and simulation. */
export function compose(): DepartmentDefinition {
  return {
    service: 'inventory',
    ...subscriptions,
    streams: [itemStream, reservationStream],
    projections: [orderDemand, channelItem, channelStock, itemCatalog, stockLevel, reservationLine],
  };
}
