import { EntitySchema } from 'typeorm';

import type { OrderHistoryEntry } from '../../application/order-history.projection.ts';

export const orderHistorySchema = new EntitySchema<OrderHistoryEntry>({
  name: 'order_history',
  columns: {
    tenant: { type: 'text', primary: true, primaryKeyConstraintName: 'order_history_pkey' },
    orderId: { type: 'text', name: 'order_id', primary: true, primaryKeyConstraintName: 'order_history_pkey' },
    version: { type: 'integer', primary: true, primaryKeyConstraintName: 'order_history_pkey' },
    type: { type: 'text' },
    time: { type: 'timestamptz' },
    recordedTime: { type: 'timestamptz', name: 'recorded_time' },
    actor: { type: 'text' },
    eventId: { type: 'text', name: 'event_id' },
    text: { type: 'text' },
  },
  // A block-range index: a schema can name it but not say so, so the migration alone describes it.
  indices: [{ name: 'order_history_recorded', columns: ['recordedTime'], synchronize: false }],
});
