import { Problem } from '@instep/service-host';

const date = '(?!0000)\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])';
const time = '([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6})?)?';
const zone = '(Z|[+-](0\\d|1[0-4]):[0-5]\\d)';

/** A day or a moment of it, ISO 8601. */
export const momentPattern = `^${date}(T${time}${zone})?$`;

/** The moment that a text of this pattern names: a day alone begins in UTC. Throws a 400 for a day that its month does not have. */
export function momentOf(text: string): string {
  const day = text.slice(0, 10);
  if (new Date(`${day}T00:00:00Z`).toISOString().slice(0, 10) !== day) {
    throw new Problem(400, 'request/invalid-query', `There is no ${day} in the calendar.`);
  }
  return text === day ? `${day}T00:00:00Z` : text;
}
