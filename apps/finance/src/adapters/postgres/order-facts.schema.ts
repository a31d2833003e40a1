import { EntitySchema } from 'typeorm';

import type { OrderFactsRow } from '../../application/order-facts.projection.ts';

export const orderFactsSchema = new EntitySchema<OrderFactsRow & { rowVersion: number }>({
  name: 'order_facts',
  tableName: 'order_facts',
  columns: {
    tenant: { type: 'text', primary: true },
    orderId: { type: 'text', primary: true, name: 'order_id' },
    facts: { type: 'text' },
    rowVersion: { type: 'integer', name: 'row_version' },
  },
});
