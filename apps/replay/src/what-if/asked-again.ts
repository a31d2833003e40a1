import { findEvent, type CloudEvent, type EventData, type EventType } from '@instep/contracts';
import { defineCommand, type Command, type Decided, type StreamRef } from '@instep/decider';
import type { DepartmentDefinition } from '@instep/department';
import { approvePayroll, calculatePayroll, changeEmployee, hireEmployee } from '@instep/hr/commands';
import { adjustStock, receiveStock, registerItem } from '@instep/inventory/commands';
import { cancelOrder, payOrder, shipOrder } from '@instep/order-intake/commands';
import { decimal, divide } from '@instep/values';

/** Digits behind the point that give the cost of any receipt back when multiplied. */
const costDigits = 12;

type Asking = { readonly [Type in EventType]?: (data: EventData<Type>) => Command };

/**
 * What somebody asked for, from the first event that it led to. All else that it led to is decided again, since it hangs on what was there:
 * a receipt serves orders that wait, a payroll pays what was earned.
 */
const asking: Asking = {
  'item.registered': (data) => registerItem.with(data),
  'stock.received': ({ cost, ...receipt }) =>
    receiveStock.with({ ...receipt, unitCost: divide(decimal(cost), decimal(receipt.quantity), costDigits) }),
  'stock.adjusted': ({ item, location, quantity, reason }) => adjustStock.with({ item, location, quantity, reason }),
  'order.paid': ({ orderId, amount }) => payOrder.with({ orderId, amount: decimal(amount) }),
  'order.shipped': ({ orderId, shipmentId, lines, locationId, tracking }) =>
    shipOrder.with({ orderId, shipmentId, locationId, tracking, lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })) }),
  'order.cancelled': ({ orderId, reason }) => cancelOrder.with({ orderId, reason }),
  'employee.hired': ({ salary, commissionRate, ...terms }) =>
    hireEmployee.with({ ...terms, salary: decimal(salary), commissionRate: decimal(commissionRate) }),
  'employee.changed': ({ salary, commissionRate, ...terms }) =>
    changeEmployee.with({ ...terms, salary: decimal(salary), commissionRate: decimal(commissionRate) }),
  'payroll.calculated': ({ runId, period, currency }) => calculatePayroll.with({ runId, period, currency }),
  'payroll.approved': ({ runId, approvedBy }) => approvePayroll.with({ runId, approvedBy }),
};

/** The command behind these events of one request; where none is known, a command that records them as they were. Newest versions. */
export function askedAgain(definition: DepartmentDefinition, events: readonly CloudEvent[]): Command {
  const [first] = events;
  if (!first) throw new Error('a request that led to nothing left no trace');
  const ask = asking[first.type as EventType] as ((data: unknown) => Command) | undefined;
  return ask ? ask(first.data) : recordAgain(definition, events);
}

/** Facts, not decisions: the streams that they touch are named and changed as their events say. */
function recordAgain(definition: DepartmentDefinition, events: readonly CloudEvent[]): Command {
  const decided = events.map((event): Decided => {
    const stream = findEvent(event.type)?.stream ?? '';
    return { stream, id: event.subject, event: { type: event.type, data: event.data as object }, time: event.time };
  });
  const kinds = definition.streams;
  const refs = decided.flatMap(({ stream, id, event }): StreamRef[] => [
    ...kinds.filter(({ name }) => name === stream).map((kind) => ({ stream: kind, id })),
    ...kinds.flatMap((kind) => (kind.touchedBy?.(event) ?? []).map((touched) => ({ stream: kind, id: touched }))),
  ]);
  return defineCommand<null>({ name: 'record-again', streams: () => refs, decide: () => ({ events: decided }) }).with(null);
}
