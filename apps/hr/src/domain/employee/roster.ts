import type { EventOf } from '@instep/contracts';
import type { StreamDefinition } from '@instep/decider';

import type { EmployeeEvent } from './employee.ts';

/** Ids of all who ever worked here, sorted. Those who left stay: commission may still change after the last day. */
export type Roster = readonly string[];

export const rosterId = 'roster';

export const roster: StreamDefinition<Roster, EventOf<'employee.hired'>> = {
  name: 'roster',
  initial: () => [],
  evolve: (state, { data }) => (state.includes(data.employeeId) ? state : [...state, data.employeeId].sort()),
  touchedBy: (event) => ((event as EmployeeEvent).type === 'employee.hired' ? [rosterId] : []),
};
