import { CurrencyCode, Id } from '@instep/contracts';
import { fixed, minorUnits, parseDecimal } from '@instep/values';
import { Type } from 'typebox';
import type { Static } from 'typebox';

import type { EmployeeRow } from '../../application/employee.projection.ts';

/** Not below zero, as text: JSON numbers are doubles. */
const Amount = Type.String({ pattern: '^\\d{1,15}(\\.\\d{1,6})?$', description: 'exact decimal as text' });
const When = Type.String({
  pattern: '^\\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\\d|3[01])(T([01]\\d|2[0-3]):[0-5]\\d:[0-5]\\d(\\.\\d{1,9})?Z)?$',
  description: 'day or moment, UTC',
});
const StaffIds = Type.Array(Type.String({ pattern: '^[^:\\s]+:.+$', maxLength: 240, description: '<channel>:<staff id>' }), {
  maxItems: 20,
});
const Name = Type.String({ minLength: 1, maxLength: 500 });
const Email = Type.String({ minLength: 3, maxLength: 320 });

export const HireEmployee = Type.Object(
  {
    employeeId: Type.Optional(Id),
    hiredAt: Type.Optional(When),
    staff: Type.Optional(StaffIds),
    salary: Amount,
    currency: Type.Optional(CurrencyCode),
    commissionRate: Type.Optional(Amount),
    name: Type.Optional(Name),
    email: Type.Optional(Email),
  },
  { additionalProperties: false },
);
export type HireEmployee = Static<typeof HireEmployee>;

export const ChangeEmployee = Type.Object(
  {
    staff: Type.Optional(StaffIds),
    salary: Type.Optional(Amount),
    currency: Type.Optional(CurrencyCode),
    commissionRate: Type.Optional(Amount),
    /** Given together: who has a name here has it with or without an e-mail. */
    name: Type.Optional(Name),
    email: Type.Optional(Email),
  },
  { additionalProperties: false },
);
export type ChangeEmployee = Static<typeof ChangeEmployee>;

export const LetEmployeeLeave = Type.Object({ leftAt: Type.Optional(When) }, { additionalProperties: false });
export type LetEmployeeLeave = Static<typeof LetEmployeeLeave>;

/** A day is its first moment. */
export function momentOf(when: string | undefined, now: Date): string {
  if (when === undefined) return now.toISOString();
  return when.includes('T') ? when : `${when}T00:00:00Z`;
}

export function employeeBody({ employeeId, hiredAt, leftAt, staff, salary, currency, commissionRate, personal }: EmployeeRow) {
  return {
    employeeId,
    hiredAt,
    leftAt,
    staff: JSON.parse(staff) as unknown,
    salary: spelt(salary, currency),
    currency,
    commissionRate,
    personal: personal === null ? null : (JSON.parse(personal) as unknown),
  };
}

/** An amount with the places of its currency. */
export function spelt(amount: string, currency: string): string {
  const exact = parseDecimal(amount);
  return exact === undefined ? amount : fixed(exact, minorUnits(currency));
}
