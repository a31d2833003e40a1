import { accept, defineCommand, record } from '@instep/decider';
import type { Reader, StreamRef } from '@instep/decider';
import { compare, isZero, zero } from '@instep/values';
import type { Decimal } from '@instep/values';

import { earnings } from '../payroll/earnings.ts';
import { commission } from './commission.ts';
import type { Commission } from './commission.ts';
import { claimants, holderOf, shardOf, staffLink } from './staff-link.ts';
import { earned, takenBack, unassigned } from './work-out.ts';

/** An order that names a staff member, or named one before, as it stands now. */
export interface RecordSale {
  readonly orderId: string;
  /** `<channel>:<staff id>`. */
  readonly staff: string | null;
  /** Net value of the goods that commission is due on: zero while the order is not paid in full, or cancelled. */
  readonly base: Decimal;
  readonly currency: string;
}

/**
 * Records what is missing between the commission that the order should bring and what was recorded for it. Who earned on an order first
 * keeps it, at the rate of that time, as long as it names the same staff id.
 */
export const recordSale = defineCommand<RecordSale>({
  name: 'record-sale',
  streams({ orderId, staff }, read) {
    const before: Commission = read.has(commission, orderId) ? read.state(commission, orderId) : { status: 'none' };
    return [
      { stream: commission, id: orderId },
      ...(staff === null ? [] : linkStreams(shardOf(staff, orderId), read)),
      ...(before.status === 'none' ? [] : [{ stream: staffLink, id: shardOf(before.staff, orderId) }]),
      ...(before.status === 'assigned' ? [{ stream: earnings, id: before.employeeId }] : []),
    ];
  },
  decide({ orderId, staff, base, currency }, read, { time }) {
    const before = read.state(commission, orderId);
    if (before.status === 'assigned' && before.staff === staff) {
      const { employeeId, rate, total } = before;
      return accept(
        record(commission, orderId, earned({ orderId, staff, base, currency }, { employeeId, rate, done: total }, time, false)),
      );
    }
    const isSameStaff = before.status !== 'none' && before.staff === staff;
    const back = isSameStaff ? [] : takenBack(orderId, before, time);
    if (staff === null) return accept(record(commission, orderId, back));

    const sale = { orderId, staff, base, currency };
    const waitingBase = isSameStaff && before.status === 'waiting' ? before.base : zero;
    const holder = holderOf(staff, shardOf(staff, orderId), read);
    if (holder) {
      const { id: employeeId, commissionRate: rate } = holder;
      return accept(record(commission, orderId, [...back, ...earned(sale, { employeeId, rate, done: zero }, time, !isZero(waitingBase))]));
    }
    return accept(record(commission, orderId, compare(base, waitingBase) === 0 ? back : [...back, unassigned(sale, time)]));
  },
});

function linkStreams(shard: string, read: Reader): readonly StreamRef[] {
  const people = claimants(shard, read);
  return [{ stream: staffLink, id: shard }, ...people, ...people.map(({ id }) => ({ stream: earnings, id }))];
}
