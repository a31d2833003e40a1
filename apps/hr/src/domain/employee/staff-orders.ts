import { record } from '@instep/decider';
import type { Decided, Reader, StreamRef } from '@instep/decider';
import { zero } from '@instep/values';

import { commission } from '../commission/commission.ts';
import { claimants, shardsOf, staffLink } from '../commission/staff-link.ts';
import { earned } from '../commission/work-out.ts';
import { earnings } from '../payroll/earnings.ts';
import { employee } from './employee.ts';
import type { KnownEmployee } from './employee.ts';

/** All that a decision about the staff ids of an employee reads and changes: who else has them, and orders that wait for them. */
export function staffStreams(employeeId: string, staff: readonly string[], read: Reader): readonly StreamRef[] {
  const shards = staff.flatMap(shardsOf);
  return [
    ...shards.map((id) => ({ stream: staffLink, id })),
    ...shards.flatMap((shard) => claimants(shard, read)),
    ...waitingOrders(staff, read).map((id) => ({ stream: commission, id })),
    { stream: earnings, id: employeeId },
  ];
}

/** Somebody else, employed, who has one of the staff ids already. */
export function othersWith(
  employeeId: string,
  staff: readonly string[],
  read: Reader,
): { readonly id: string; readonly staff: string } | undefined {
  for (const one of staff) {
    const [shard = ''] = shardsOf(one);
    for (const { id } of claimants(shard, read)) {
      const other: KnownEmployee | { status: 'unknown' } = read.state(employee, id);
      if (id !== employeeId && other.status === 'employed' && other.staff.includes(one)) return { id, staff: one };
    }
  }
  return undefined;
}

/** The orders that waited for one of these staff ids are the employee's now. */
export function settleWaiting(
  employeeId: string,
  staff: readonly string[],
  rate: KnownEmployee['commissionRate'],
  read: Reader,
  time: string,
): readonly Decided[] {
  return waitingOrders(staff, read).flatMap((orderId) => {
    const state = read.state(commission, orderId);
    if (state.status !== 'waiting') return [];
    return record(
      commission,
      orderId,
      earned({ orderId, staff: state.staff, base: state.base, currency: state.currency }, { employeeId, rate, done: zero }, time, true),
    );
  });
}

function waitingOrders(staff: readonly string[], read: Reader): readonly string[] {
  return staff.flatMap(shardsOf).flatMap((shard) => (read.has(staffLink, shard) ? read.state(staffLink, shard).waiting : []));
}
