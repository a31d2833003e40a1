import type { Department } from '@instep/department';

import { until } from './until.ts';

/** Resolves when the department has dealt with so many events of others; rejects when it parked one. */
export async function applied(department: Department, count: number): Promise<void> {
  await until(`${String(count)} events are applied`, () => dealtWith(department) >= count);
  if (department.status().counters.eventsParked > 0) throw new Error('an event was parked');
}

/** How many events of others the department has dealt with so far. */
export function dealtWith(department: Department): number {
  const { eventsApplied, eventsSkipped, eventsParked } = department.status().counters;
  return eventsApplied + eventsSkipped + eventsParked;
}
