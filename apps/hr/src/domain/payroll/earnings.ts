import type { EventOf } from '@instep/contracts';
import type { DomainEvent, StreamDefinition } from '@instep/decider';
import { add, decimal, subtract, sum, zero } from '@instep/values';
import type { Decimal } from '@instep/values';

type EarningsEvent = EventOf<'commission.earned' | 'payroll.approved'>;

/** Commission of one employee: earned by month, and paid. Sums, sorted: the order of events of different orders and runs does not matter. */
export interface Earnings {
  readonly earned: readonly { readonly period: string; readonly currency: string; readonly amount: Decimal }[];
  /** `through`: the latest month that an approved run has paid. */
  readonly paid: readonly { readonly currency: string; readonly amount: Decimal; readonly through: string }[];
}

/** Its id is the id of the employee. */
export const earnings: StreamDefinition<Earnings, EarningsEvent> = {
  name: 'earnings',
  initial: () => ({ earned: [], paid: [] }),
  evolve(state, event, id) {
    switch (event.type) {
      case 'commission.earned':
        return { ...state, earned: withEarned(state.earned, event.data) };
      case 'payroll.approved': {
        const { period, currency, lines } = event.data;
        return lines
          .filter(({ employeeId }) => employeeId === id)
          .reduce((before, { commission }) => ({ ...before, paid: withPaid(before.paid, currency, commission, period) }), state);
      }
    }
  },
  touchedBy(event) {
    if (!isEarningsEvent(event)) return [];
    return event.type === 'commission.earned' ? [event.data.employeeId] : event.data.lines.map(({ employeeId }) => employeeId);
  },
};

/**
 * Commission not yet paid, in one currency, up to and with a month. What changes a month that was paid already comes with the next run.
 * When a later month was paid before this one, that run took everything up to there.
 */
export function due(state: Earnings, currency: string, period: string): Decimal {
  const paid = state.paid.find((one) => one.currency === currency);
  const through = paid && paid.through > period ? paid.through : period;
  const earned = sum(state.earned.filter((one) => one.currency === currency && one.period <= through).map(({ amount }) => amount));
  return subtract(earned, paid?.amount ?? zero);
}

function withEarned(earned: Earnings['earned'], { period, currency, amount }: EventOf<'commission.earned'>['data']): Earnings['earned'] {
  const before = earned.find((one) => one.period === period && one.currency === currency);
  return [...earned.filter((one) => one !== before), { period, currency, amount: add(before?.amount ?? zero, decimal(amount)) }].sort(
    (a, b) => (`${a.period}${a.currency}` < `${b.period}${b.currency}` ? -1 : 1),
  );
}

function withPaid(paid: Earnings['paid'], currency: string, commission: string, period: string): Earnings['paid'] {
  const before = paid.find((one) => one.currency === currency);
  const through = before && before.through > period ? before.through : period;
  return [...paid.filter((one) => one !== before), { currency, amount: add(before?.amount ?? zero, decimal(commission)), through }].sort(
    (a, b) => (a.currency < b.currency ? -1 : 1),
  );
}

function isEarningsEvent(event: DomainEvent): event is EarningsEvent {
  return event.type === 'commission.earned' || event.type === 'payroll.approved';
}
