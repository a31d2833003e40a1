import { EntitySchema } from 'typeorm';

import type { CommissionEntryRow, OrderCommissionRow } from '../../application/commission.projection.ts';

export const orderCommissionSchema = new EntitySchema<OrderCommissionRow>({
  name: 'order_commission',
  tableName: 'order_commission',
  columns: {
    tenant: { type: 'text', primary: true },
    orderId: { type: 'text', primary: true, name: 'order_id' },
    staff: { type: 'text' },
    employeeId: { type: 'text', name: 'employee_id', nullable: true },
    currency: { type: 'text' },
    total: { type: 'numeric' },
  },
  indices: [{ name: 'order_commission_employee', columns: ['tenant', 'employeeId', 'orderId'] }],
});

export const commissionEntrySchema = new EntitySchema<CommissionEntryRow>({
  name: 'commission_entry',
  tableName: 'commission_entry',
  columns: {
    tenant: { type: 'text', primary: true },
    orderId: { type: 'text', primary: true, name: 'order_id' },
    entry: { type: 'integer', primary: true },
    employeeId: { type: 'text', name: 'employee_id' },
    period: { type: 'text' },
    amount: { type: 'numeric' },
    total: { type: 'numeric' },
    base: { type: 'numeric' },
    rate: { type: 'numeric' },
    currency: { type: 'text' },
    occurredAt: { type: 'text', name: 'occurred_at' },
  },
  indices: [{ name: 'commission_entry_employee', columns: ['tenant', 'employeeId', 'orderId', 'entry'] }],
});
