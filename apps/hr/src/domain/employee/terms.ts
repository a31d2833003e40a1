import { refuse } from '@instep/decider';
import type { Decision } from '@instep/decider';
import { compare, decimal, isNegative, parseCurrency } from '@instep/values';

import type { Terms } from './employee.ts';

/** Why nobody can be employed on these terms, or undefined. */
export function refusedTerms({ salary, currency, commissionRate }: Terms): Decision | undefined {
  if (!parseCurrency(currency)) return refuse('employee/unknown-currency', `"${currency}" is no currency of ISO 4217.`, { currency });
  if (isNegative(salary)) return refuse('employee/negative-salary', 'A salary cannot be below zero.');
  if (isNegative(commissionRate) || compare(commissionRate, decimal('1')) > 0) {
    return refuse('employee/rate-out-of-range', 'A commission rate lies between 0 and 1: 0.05 is five per cent.');
  }
  return undefined;
}
