import type { EventOf } from '@instep/contracts';
import type { DomainEvent, StreamDefinition } from '@instep/decider';
import { decimal } from '@instep/values';
import type { Decimal } from '@instep/values';

export type CommissionEvent = EventOf<'commission.earned' | 'commission.unassigned'>;

/** What an order has earned so far, and for whom. Who earned first keeps the order, with the rate of that time. */
export type Commission =
  | { readonly status: 'none' }
  | { readonly status: 'waiting'; readonly staff: string; readonly base: Decimal; readonly currency: string }
  | {
      readonly status: 'assigned';
      readonly employeeId: string;
      readonly staff: string;
      readonly rate: Decimal;
      readonly total: Decimal;
      readonly currency: string;
    };

/** Its id is the id of the order. */
export const commission: StreamDefinition<Commission, CommissionEvent> = {
  name: 'commission',
  initial: () => ({ status: 'none' }),
  evolve(_state, { type, data }) {
    switch (type) {
      case 'commission.unassigned':
        return { status: 'waiting', staff: data.staff, base: decimal(data.base), currency: data.currency };
      case 'commission.earned':
        return {
          status: 'assigned',
          employeeId: data.employeeId,
          staff: data.staff,
          rate: decimal(data.rate),
          total: decimal(data.total),
          currency: data.currency,
        };
    }
  },
};

export function isCommissionEvent(event: DomainEvent): event is CommissionEvent {
  return event.type.startsWith('commission.');
}
