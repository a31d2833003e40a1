import { CreateOrders1795620600000 } from './migrations/20261125T1530-create-orders.ts';
import { FindRecentHistory1795630200000 } from './migrations/20261125T1810-find-recent-history.ts';
import { orderHistorySchema } from './order-history.schema.ts';
import { orderSummarySchema } from './order-summary.schema.ts';

export const entities = [orderSummarySchema, orderHistorySchema];
export const migrations = [CreateOrders1795620600000, FindRecentHistory1795630200000];
export { invariants } from './invariants.ts';
