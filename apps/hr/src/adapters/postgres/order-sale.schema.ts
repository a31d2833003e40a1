import { EntitySchema } from 'typeorm';

import type { OrderSaleRow } from '../../application/order-sale.projection.ts';

export const orderSaleSchema = new EntitySchema<OrderSaleRow & { rowVersion: number }>({
  name: 'order_sale',
  tableName: 'order_sale',
  columns: {
    tenant: { type: 'text', primary: true },
    orderId: { type: 'text', primary: true, name: 'order_id' },
    channel: { type: 'text' },
    facts: { type: 'text' },
    rowVersion: { type: 'integer', name: 'row_version' },
  },
});
