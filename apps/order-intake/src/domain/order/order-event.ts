import type { EventData, EventOf } from '@instep/contracts';

export type OrderEvent = EventOf<
  | 'order.amended'
  | 'order.backordered'
  | 'order.cancelled'
  | 'order.completed'
  | 'order.confirmed'
  | 'order.held'
  | 'order.noted'
  | 'order.paid'
  | 'order.placed'
  | 'order.refunded'
  | 'order.released'
  | 'order.returned'
  | 'order.shipment-cancelled'
  | 'order.shipped'
>;

type Noted = EventData<'order.noted'>;

/** A refund of a channel, amounts in the shop currency. */
export type Refund = NonNullable<Noted['refunds']>[number];

/** A shipment as its sender tells it; only status `success` has left. */
export type Shipment = NonNullable<Noted['shipments']>[number];
