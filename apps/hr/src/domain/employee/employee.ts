import type { EventOf } from '@instep/contracts';
import type { StreamDefinition } from '@instep/decider';
import { decimal } from '@instep/values';
import type { Decimal } from '@instep/values';

export type EmployeeEvent = EventOf<'employee.hired' | 'employee.changed' | 'employee.left'>;
export type EmployeePersonal = EventOf<'employee.hired'>['data']['personal'];

export interface Terms {
  /** Per month. */
  readonly salary: Decimal;
  readonly currency: string;
  /** Part of the net value of goods sold, such as 0.05. */
  readonly commissionRate: Decimal;
}

export interface KnownEmployee extends Terms {
  readonly status: 'employed' | 'left';
  readonly id: string;
  readonly subject: string;
  /** Ids under which sales channels know the person, `<channel>:<staff id>`. */
  readonly staff: readonly string[];
  /** Times of employment, the last one open (`to` null) while employed. */
  readonly spans: readonly { readonly from: string; readonly to: string | null }[];
  readonly personal: EmployeePersonal;
}

export type Employee = { readonly status: 'unknown' } | KnownEmployee;

export const employee: StreamDefinition<Employee, EmployeeEvent> = {
  name: 'employee',
  initial: () => ({ status: 'unknown' }),
  evolve(state, event) {
    switch (event.type) {
      case 'employee.hired':
        return {
          status: 'employed',
          id: event.data.employeeId,
          subject: event.data.subject,
          spans: [...(state.status === 'unknown' ? [] : state.spans), { from: event.data.hiredAt, to: null }],
          ...told(event.data),
        };
      case 'employee.changed':
        return { ...known(state, event), ...told(event.data) };
      case 'employee.left': {
        const before = known(state, event);
        return { ...before, status: 'left', spans: before.spans.map((span) => ({ from: span.from, to: span.to ?? event.data.leftAt })) };
      }
    }
  },
};

/** Whether the person worked here on any day of the month. */
export function isEmployedIn(person: KnownEmployee, period: string): boolean {
  return person.spans.some(({ from, to }) => from.slice(0, 7) <= period && (to === null || to.slice(0, 7) >= period));
}

function told({ staff, salary, currency, commissionRate, personal }: EventOf<'employee.changed'>['data']) {
  return { staff, salary: decimal(salary), currency, commissionRate: decimal(commissionRate), personal };
}

function known(state: Employee, event: EmployeeEvent): KnownEmployee {
  if (state.status === 'unknown') throw new Error(`"${event.type}" in the stream of an employee who was never hired`);
  return state;
}
