import { isZero, minorUnits, multiply, negate, round, subtract, zero } from '@instep/values';
import type { Decimal } from '@instep/values';

import type { Commission, CommissionEvent } from './commission.ts';

interface Sale {
  readonly orderId: string;
  readonly staff: string;
  readonly base: Decimal;
  readonly currency: string;
}

/** Who gets it, at which rate, and what the order has brought so far. */
interface Earner {
  readonly employeeId: string;
  readonly rate: Decimal;
  readonly done: Decimal;
}

/** What is missing between the commission that a sale should bring and what it brought. Nothing when they are equal, unless it had to wait. */
export function earned(sale: Sale, { employeeId, rate, done }: Earner, time: string, waited: boolean): CommissionEvent[] {
  const { orderId, staff, base, currency } = sale;
  const total = round(multiply(rate, base), minorUnits(currency));
  const amount = subtract(total, done);
  if (isZero(amount) && !waited) return [];
  return [{ type: 'commission.earned', data: { orderId, employeeId, staff, period: monthOf(time), amount, total, base, rate, currency } }];
}

export function unassigned({ orderId, staff, base, currency }: Sale, time: string): CommissionEvent {
  return { type: 'commission.unassigned', data: { orderId, staff, period: monthOf(time), base, currency } };
}

/** The order names another staff member now: what it brought or would have brought the one before is taken back. */
export function takenBack(orderId: string, before: Commission, time: string): CommissionEvent[] {
  switch (before.status) {
    case 'none':
      return [];
    case 'waiting':
      return isZero(before.base) ? [] : [unassigned({ ...before, orderId, base: zero }, time)];
    case 'assigned': {
      const { employeeId, staff, rate, total, currency } = before;
      if (isZero(total)) return [];
      return [
        {
          type: 'commission.earned',
          data: { orderId, employeeId, staff, period: monthOf(time), amount: negate(total), total: zero, base: zero, rate, currency },
        },
      ];
    }
  }
}

/** The month, `2026-11`, of an instant. */
function monthOf(time: string): string {
  return time.slice(0, 7);
}
