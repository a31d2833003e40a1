import type { DomainEvent, Reader, StreamDefinition, StreamRef } from '@instep/decider';
import { isZero } from '@instep/values';
import { decimal } from '@instep/values';

import { employee } from '../employee/employee.ts';
import type { EmployeeEvent, KnownEmployee } from '../employee/employee.ts';
import { isCommissionEvent } from './commission.ts';
import type { CommissionEvent } from './commission.ts';

/**
 * What is known of a staff id of a channel: employees who ever named it, and orders whose commission waits for one. Both are sorted sets,
 * because a rebuild sees the events of different employees and orders in another order.
 */
export interface StaffLink {
  readonly employees: readonly string[];
  readonly waiting: readonly string[];
}

/**
 * A staff id whom nobody hired may wait with very many orders; in one list, every order would write all of them again. So the orders of
 * a staff id are dealt over shards, and each shard knows the employees too: that is what makes hiring and a sale at the same moment
 * collide instead of missing each other.
 */
const shards = 256;

/** Its id is `<channel>:<staff id>/<shard>`. */
export const staffLink: StreamDefinition<StaffLink, EmployeeEvent | CommissionEvent> = {
  name: 'staff-link',
  initial: () => ({ employees: [], waiting: [] }),
  evolve(state, event) {
    switch (event.type) {
      case 'employee.hired':
      case 'employee.changed':
        return { ...state, employees: withId(state.employees, event.data.employeeId) };
      case 'employee.left':
        return state;
      case 'commission.unassigned': {
        const { orderId, base } = event.data;
        return { ...state, waiting: isZero(decimal(base)) ? withoutId(state.waiting, orderId) : withId(state.waiting, orderId) };
      }
      case 'commission.earned':
        return { ...state, waiting: withoutId(state.waiting, event.data.orderId) };
    }
  },
  touchedBy(event) {
    if (isCommissionEvent(event)) return [shardOf(event.data.staff, event.data.orderId)];
    return namesStaff(event) ? event.data.staff.flatMap(shardsOf) : [];
  },
};

/** The shard of a staff id that an order belongs to. */
export function shardOf(staff: string, orderId: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < orderId.length; index++) hash = Math.imul(hash ^ orderId.charCodeAt(index), 0x01000193) >>> 0;
  return `${staff}/${String(hash % shards)}`;
}

export function shardsOf(staff: string): readonly string[] {
  return Array.from({ length: shards }, (_, shard) => `${staff}/${String(shard)}`);
}

/** Everybody who ever named the staff id; to be loaded before `holderOf` is asked. */
export function claimants(shard: string, read: Reader): readonly StreamRef[] {
  return read.has(staffLink, shard) ? read.state(staffLink, shard).employees.map((id) => ({ stream: employee, id })) : [];
}

/** Who a staff id stands for: whoever has it now, somebody employed before somebody who left. */
export function holderOf(staff: string, shard: string, read: Reader): KnownEmployee | undefined {
  const holders = read
    .state(staffLink, shard)
    .employees.map((id) => read.state(employee, id))
    .filter((state) => state.status !== 'unknown' && state.staff.includes(staff)) as KnownEmployee[];
  return holders.find(({ status }) => status === 'employed') ?? holders.sort((a, b) => (lastDay(a) < lastDay(b) ? 1 : -1))[0];
}

function lastDay({ spans }: KnownEmployee): string {
  return spans.at(-1)?.to ?? '';
}

function namesStaff(event: DomainEvent): event is Exclude<EmployeeEvent, { type: 'employee.left' }> {
  return event.type === 'employee.hired' || event.type === 'employee.changed';
}

function withId(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids : [...ids, id].sort();
}

function withoutId(ids: readonly string[], id: string): readonly string[] {
  return ids.includes(id) ? ids.filter((one) => one !== id) : ids;
}
