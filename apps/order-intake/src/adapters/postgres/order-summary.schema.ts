import { EntitySchema } from 'typeorm';

import type { OrderSummary } from '../../application/order-summary.projection.ts';

export const orderSummarySchema = new EntitySchema<OrderSummary>({
  name: 'order_summary',
  columns: {
    tenant: { type: 'text', primary: true, primaryKeyConstraintName: 'order_summary_pkey' },
    orderId: { type: 'text', name: 'order_id', primary: true, primaryKeyConstraintName: 'order_summary_pkey' },
    channel: { type: 'text' },
    channelOrderId: { type: 'text', name: 'channel_order_id', nullable: true },
    number: { type: 'text' },
    status: { type: 'text' },
    payment: { type: 'text' },
    shipping: { type: 'text' },
    currency: { type: 'text' },
    total: { type: 'numeric' },
    received: { type: 'numeric' },
    refunded: { type: 'numeric' },
    placedAt: { type: 'timestamptz', name: 'placed_at' },
    reportedAt: { type: 'timestamptz', name: 'reported_at', nullable: true },
    attention: { type: 'text', nullable: true },
    version: { type: 'integer' },
  },
  indices: [
    { name: 'order_summary_channel_order', columns: ['tenant', 'channelOrderId'], where: 'channel_order_id IS NOT NULL' },
    { name: 'order_summary_attention', columns: ['tenant', 'attention', 'orderId'], where: 'attention IS NOT NULL' },
  ],
});
