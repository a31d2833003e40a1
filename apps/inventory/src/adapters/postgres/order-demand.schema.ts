import { EntitySchema } from 'typeorm';

import type { OrderDemandRow } from '../../application/order-demand.projection.ts';

export const orderDemandSchema = new EntitySchema<OrderDemandRow & { rowVersion: number }>({
  name: 'order_demand',
  tableName: 'order_demand',
  columns: {
    tenant: { type: 'text', primary: true },
    orderId: { type: 'text', primary: true, name: 'order_id' },
    facts: { type: 'text' },
    rowVersion: { type: 'integer', name: 'row_version' },
  },
});
