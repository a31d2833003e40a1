import { EntitySchema } from 'typeorm';

import type { CustomerIdentityRow, CustomerRow } from '../../application/customer.projection.ts';

export const customerSchema = new EntitySchema<CustomerRow>({
  name: 'customer',
  tableName: 'customer',
  columns: {
    tenant: { type: 'text', primary: true },
    customerId: { type: 'text', primary: true, name: 'customer_id' },
    mergedInto: { type: 'text', name: 'merged_into', nullable: true },
    personal: { type: 'text', nullable: true },
    knownAt: { type: 'text', name: 'known_at', nullable: true },
    tags: { type: 'text' },
    channelCustomers: { type: 'text', name: 'channel_customers' },
  },
});

export const customerIdentitySchema = new EntitySchema<CustomerIdentityRow>({
  name: 'customer_identity',
  tableName: 'customer_identity',
  columns: {
    tenant: { type: 'text', primary: true },
    identity: { type: 'text', primary: true },
    customerId: { type: 'text', name: 'customer_id' },
  },
  indices: [{ name: 'customer_identity_customer', columns: ['tenant', 'customerId'] }],
});
