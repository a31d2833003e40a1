import { channelItemSchema } from './channel-item.schema.ts';
import { channelStockSchema } from './channel-stock.schema.ts';
import { itemCatalogSchema } from './item-catalog.schema.ts';
import { CreateStock1790000000000 } from './migrations/1790000000000-create-stock.ts';
import { orderDemandSchema } from './order-demand.schema.ts';
import { reservationLineSchema } from './reservation-line.schema.ts';
import { stockLevelSchema } from './stock-level.schema.ts';

export const entities = [
  orderDemandSchema,
  channelItemSchema,
  channelStockSchema,
  itemCatalogSchema,
  stockLevelSchema,
  reservationLineSchema,
];
export const migrations = [CreateStock1790000000000];
export { invariants } from './invariants.ts';
