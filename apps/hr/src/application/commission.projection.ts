import { journal, stateTable } from '@instep/department';

import { commission } from '../domain/commission/commission.ts';
import type { Commission } from '../domain/commission/commission.ts';

/** Where the commission of an order stands. */
export type OrderCommissionRow = {
  readonly tenant: string;
  readonly orderId: string;
  readonly staff: string;
  /** Null while no employee has the staff id. */
  readonly employeeId: string | null;
  readonly currency: string;
  /** Commission so far; zero while it waits. */
  readonly total: string;
};

export const orderCommissionTable = stateTable<OrderCommissionRow, Commission>({
  table: { name: 'order_commission', key: ['tenant', 'orderId'] },
  stream: commission,
  rows(state, { tenant, id }) {
    switch (state.status) {
      case 'none':
        return [];
      case 'waiting':
        return [{ tenant, orderId: id, staff: state.staff, employeeId: null, currency: state.currency, total: '0' }];
      case 'assigned':
        return [{ tenant, orderId: id, staff: state.staff, employeeId: state.employeeId, currency: state.currency, total: state.total }];
    }
  },
});

/** One row per change of an order's commission, numbered as they happened. */
export type CommissionEntryRow = {
  readonly tenant: string;
  readonly orderId: string;
  readonly entry: number;
  readonly employeeId: string;
  readonly period: string;
  readonly amount: string;
  readonly total: string;
  readonly base: string;
  readonly rate: string;
  readonly currency: string;
  readonly occurredAt: string;
};

export const commissionEntry = journal<CommissionEntryRow>({
  table: { name: 'commission_entry', key: ['tenant', 'orderId', 'entry'] },
  on: {
    'commission.earned': ({ tenant, streamVersion, time, data }) => {
      const { orderId, employeeId, period, amount, total, base, rate, currency } = data;
      return [{ tenant, orderId, entry: streamVersion, employeeId, period, amount, total, base, rate, currency, occurredAt: time }];
    },
  },
});
