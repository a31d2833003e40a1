import type { Static } from 'typebox';

import { channelCustomerReportedV1 } from './channels/channel-customer-reported.v1.ts';
import { channelFulfillmentReportedV1 } from './channels/channel-fulfillment-reported.v1.ts';
import { channelOrderReportedV1 } from './channels/channel-order-reported.v1.ts';
import { channelProductReportedV1 } from './channels/channel-product-reported.v1.ts';
import { channelRefundReportedV1 } from './channels/channel-refund-reported.v1.ts';
import { channelStockReportedV1 } from './channels/channel-stock-reported.v1.ts';
import { customerChangedV1 } from './customers/customer-changed.v1.ts';
import { customerMergedV1 } from './customers/customer-merged.v1.ts';
import { customerRegisteredV1 } from './customers/customer-registered.v1.ts';
import { customerTaggedV1 } from './customers/customer-tagged.v1.ts';
import { journalPostedV1 } from './finance/journal-posted.v1.ts';
import { itemRegisteredV1 } from './inventory/item-registered.v1.ts';
import { stockAdjustedV1 } from './inventory/stock-adjusted.v1.ts';
import { stockReceivedV1 } from './inventory/stock-received.v1.ts';
import { stockReleasedV1 } from './inventory/stock-released.v1.ts';
import { stockReservedV1 } from './inventory/stock-reserved.v1.ts';
import { stockRestockedV1 } from './inventory/stock-restocked.v1.ts';
import { stockShippedV1 } from './inventory/stock-shipped.v1.ts';
import { stockShortV1 } from './inventory/stock-short.v1.ts';
import { deadLetter, redriven } from './operations/dead-letter.ts';
import { positionAdvanced } from './operations/position-advanced.ts';
import { orderAmendedV1 } from './orders/order-amended.v1.ts';
import { orderBackorderedV1 } from './orders/order-backordered.v1.ts';
import { orderCancelledV1 } from './orders/order-cancelled.v1.ts';
import { orderCompletedV1 } from './orders/order-completed.v1.ts';
import { orderConfirmedV1 } from './orders/order-confirmed.v1.ts';
import { orderHeldV1 } from './orders/order-held.v1.ts';
import { orderNotedV1 } from './orders/order-noted.v1.ts';
import { orderPaidV1 } from './orders/order-paid.v1.ts';
import { orderPlacedV1 } from './orders/order-placed.v1.ts';
import { orderRefundedV1 } from './orders/order-refunded.v1.ts';
import { orderReleasedV1 } from './orders/order-released.v1.ts';
import { orderReturnedV1 } from './orders/order-returned.v1.ts';
import { orderShipmentCancelledV1 } from './orders/order-shipment-cancelled.v1.ts';
import { orderShippedV1 } from './orders/order-shipped.v1.ts';
import { payrollApprovedV1 } from './payroll/payroll-approved.v1.ts';
import { payrollCalculatedV1 } from './payroll/payroll-calculated.v1.ts';
import { commissionEarnedV1 } from './people/commission-earned.v1.ts';
import { commissionUnassignedV1 } from './people/commission-unassigned.v1.ts';
import { employeeChangedV1 } from './people/employee-changed.v1.ts';
import { employeeHiredV1 } from './people/employee-hired.v1.ts';
import { employeeLeftV1 } from './people/employee-left.v1.ts';
import { webhookReceivedV1 } from './raw/webhook-received.v1.ts';

import type { EventDefinition } from './define-event.ts';

/** The newest version of every event: the only list. Everything that is derived from contracts starts here. */
export const events = [
  webhookReceivedV1,
  channelCustomerReportedV1,
  channelFulfillmentReportedV1,
  channelOrderReportedV1,
  channelProductReportedV1,
  channelRefundReportedV1,
  channelStockReportedV1,
  orderAmendedV1,
  orderBackorderedV1,
  orderCancelledV1,
  orderCompletedV1,
  orderConfirmedV1,
  orderHeldV1,
  orderNotedV1,
  orderPaidV1,
  orderPlacedV1,
  orderRefundedV1,
  orderReleasedV1,
  orderReturnedV1,
  orderShipmentCancelledV1,
  orderShippedV1,
  itemRegisteredV1,
  stockAdjustedV1,
  stockReceivedV1,
  stockReleasedV1,
  stockReservedV1,
  stockRestockedV1,
  stockShippedV1,
  stockShortV1,
  customerChangedV1,
  customerMergedV1,
  customerRegisteredV1,
  customerTaggedV1,
  commissionEarnedV1,
  commissionUnassignedV1,
  employeeChangedV1,
  employeeHiredV1,
  employeeLeftV1,
  payrollApprovedV1,
  payrollCalculatedV1,
  journalPostedV1,
  positionAdvanced('connectors', 'channels'),
  positionAdvanced('order-intake', 'orders'),
  positionAdvanced('inventory', 'inventory'),
  positionAdvanced('crm', 'customers'),
  positionAdvanced('hr', 'people'),
  positionAdvanced('finance', 'finance'),
  deadLetter('connectors'),
  deadLetter('order-intake'),
  deadLetter('inventory'),
  deadLetter('crm'),
  deadLetter('hr'),
  deadLetter('finance'),
  redriven('connectors'),
  redriven('order-intake'),
  redriven('inventory'),
  redriven('crm'),
  redriven('hr'),
  redriven('finance'),
] as const;

/** Older versions, still in the log and so readable for ever. Each has an upcast to its next version. */
export const olderEvents: readonly EventDefinition[] = [];

type Newest = (typeof events)[number];

export type EventType = Newest['name'];

/** Data of the newest version of an event. */
export type EventData<Type extends EventType> = Static<Extract<Newest, { name: Type }>['data']>;

/** An event as a domain sees it. */
export type EventOf<Type extends EventType> = { [Name in Type]: { readonly type: Name; readonly data: EventData<Name> } }[Type];

const newestByName: ReadonlyMap<string, EventDefinition> = new Map(
  events.map((event) => [event.name, event as unknown as EventDefinition]),
);
const byNameAndVersion: ReadonlyMap<string, EventDefinition> = new Map(
  [...olderEvents, ...newestByName.values()].map((event) => [`${event.name}/${String(event.version)}`, event]),
);
if (newestByName.size !== events.length || byNameAndVersion.size !== events.length + olderEvents.length) {
  throw new Error('the registry lists an event twice');
}

/** The newest version of the event with this name, or undefined when no contract names it. */
export function findEvent(name: string): EventDefinition | undefined {
  return newestByName.get(name);
}

/** The version that a `dataschema` such as `order.placed/1` names. */
export function findVersion(dataschema: string): EventDefinition | undefined {
  return byNameAndVersion.get(dataschema);
}
