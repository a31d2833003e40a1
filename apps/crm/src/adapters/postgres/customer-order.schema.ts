import { EntitySchema } from 'typeorm';

import type { CustomerOrderRow } from '../../application/customer-order.projection.ts';

export const customerOrderSchema = new EntitySchema<CustomerOrderRow & { rowVersion: number }>({
  name: 'customer_order',
  tableName: 'customer_order',
  columns: {
    tenant: { type: 'text', primary: true },
    orderId: { type: 'text', primary: true, name: 'order_id' },
    identity: { type: 'text', nullable: true },
    channel: { type: 'text' },
    number: { type: 'text' },
    placedAt: { type: 'text', name: 'placed_at' },
    test: { type: 'boolean' },
    currency: { type: 'text' },
    total: { type: 'numeric' },
    received: { type: 'numeric' },
    refunded: { type: 'numeric' },
    shipping: { type: 'text' },
    held: { type: 'boolean' },
    cancelledAt: { type: 'text', name: 'cancelled_at', nullable: true },
    facts: { type: 'text' },
    rowVersion: { type: 'integer', name: 'row_version' },
  },
  indices: [{ name: 'customer_order_identity', columns: ['identity', 'tenant'] }],
});
