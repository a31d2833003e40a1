import { events } from '@instep/contracts';
import { hiddenFields } from '@instep/lake/log';

import type { Selection } from './selection.ts';

/** Whether a record of this choice may name or reach a person. One that no contract describes may. */
export function tellsOfPeople({ ranges, types }: Selection): boolean {
  const topics = new Set(ranges.map(({ topic }) => topic));
  const chosen = events.filter(({ name, topic }) => topics.has(topic) && (types?.includes(name) ?? true));
  const described = types ?? [...topics];
  const known = new Set<string>(types ? chosen.map(({ name }) => name) : chosen.map(({ topic }) => topic));
  return described.some((each) => !known.has(each)) || chosen.some((event) => hiddenFields(event).length > 0);
}
