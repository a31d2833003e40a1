import { commissionEntrySchema, orderCommissionSchema } from './commission.schema.ts';
import { employeeSchema } from './employee.schema.ts';
import { CreatePeople1795600000000 } from './migrations/1795600000000-create-people.ts';
import { orderSaleSchema } from './order-sale.schema.ts';
import { payrollRunSchema } from './payroll-run.schema.ts';

export const entities = [employeeSchema, orderSaleSchema, orderCommissionSchema, commissionEntrySchema, payrollRunSchema];
export const migrations = [CreatePeople1795600000000];
export { invariants } from './invariants.ts';
