import type { DomainEvent, StreamDefinition } from '@instep/decider';
import type { EventOf } from '@instep/contracts';

type Approved = EventOf<'payroll.approved'>;

/** The approved run of a month and currency: there is at most one, and this stream is what a second one runs into. */
export interface PayrollPeriod {
  readonly paidBy: string | null;
}

export const payrollPeriod: StreamDefinition<PayrollPeriod, Approved> = {
  name: 'payroll-period',
  initial: () => ({ paidBy: null }),
  evolve: (_state, { data }) => ({ paidBy: data.runId }),
  touchedBy: (event) => (isApproval(event) ? [payrollPeriodId(event.data)] : []),
};

export function payrollPeriodId({ period, currency }: { readonly period: string; readonly currency: string }): string {
  return `${period}/${currency}`;
}

function isApproval(event: DomainEvent): event is Approved {
  return event.type === 'payroll.approved';
}
