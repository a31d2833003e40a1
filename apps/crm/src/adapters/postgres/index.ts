import { customerOrderSchema } from './customer-order.schema.ts';
import { customerIdentitySchema, customerSchema } from './customer.schema.ts';
import { CreateCustomers1795600000000 } from './migrations/1795600000000-create-customers.ts';

export const entities = [customerSchema, customerIdentitySchema, customerOrderSchema];
export const migrations = [CreateCustomers1795600000000];
export { invariants } from './invariants.ts';
