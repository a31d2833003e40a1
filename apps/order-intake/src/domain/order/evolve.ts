import type { EventData, OrderContent } from '@instep/contracts';
import { compare, decimal, zero } from '@instep/values';

import { fingerprint } from './fingerprint.ts';
import { goodsOf } from './known-shipments.ts';
import type { OrderEvent, Refund, Shipment } from './order-event.ts';
import { headOf } from './order-head.ts';
import type { KnownRefund, KnownShipment, Line, OrderState } from './order-state.ts';
import { isComplete, needsStock } from './standing.ts';

export function evolve(state: OrderState, event: OrderEvent): OrderState {
  const { asOf } = event.data;
  return applied(asOf === undefined ? state : { ...state, asOf }, event);
}

function applied(state: OrderState, event: OrderEvent): OrderState {
  switch (event.type) {
    case 'order.placed':
      return placed(state, event.data);
    case 'order.amended':
      return amended(state, event.data);
    case 'order.held':
      return { ...state, hold: { reasons: event.data.reasons, content: state.hold?.content ?? noContent }, ...notConfirmed };
    case 'order.released':
      return released(state, event.data);
    case 'order.paid':
      return reopened({ ...state, received: decimal(event.data.received) });
    case 'order.cancelled':
      return { ...state, cancelled: true };
    case 'order.completed':
      return { ...state, completed: true };
    case 'order.noted':
      return noted(state, event.data);
    default:
      return movedOn(state, event);
  }
}

type AboutGoods =
  'order.confirmed' | 'order.backordered' | 'order.shipped' | 'order.shipment-cancelled' | 'order.refunded' | 'order.returned';

function movedOn(state: OrderState, event: Extract<OrderEvent, { type: AboutGoods }>): OrderState {
  switch (event.type) {
    case 'order.confirmed':
      return { ...state, confirmed: true, missing: [] };
    case 'order.backordered':
      return { ...state, confirmed: false, missing: event.data.lines };
    case 'order.shipped':
      return { ...state, shipments: put(state.shipments, shippedNow(event.data), shipmentId) };
    case 'order.shipment-cancelled':
      return reopened({ ...state, shipments: (state.shipments ?? []).map((known) => cancelledNow(known, event.data)) });
    case 'order.refunded':
      return { ...state, refunds: put(state.refunds, { refund: refundedNow(event.data), told: true }, refundId) };
    case 'order.returned':
      return { ...state, refunds: (state.refunds ?? []).map((known) => returnedNow(known, event.data)) };
    default:
      return unknown(event);
  }
}

function unknown(event: never): never {
  throw new Error(`not an event of an order: ${JSON.stringify(event).slice(0, 200)}`);
}

const notConfirmed = { confirmed: false, missing: [] } as const;

const none = { net: { shop: zero }, tax: { shop: zero } };
/** `order.amended` always follows `order.held` and brings the content. */
const noContent: OrderContent = { lines: [], shipping: none, duties: none, fees: none, tip: none.net, rounding: none.net, total: none.net };

function placed(state: OrderState, data: EventData<'order.placed'>): OrderState {
  const { channel, channelOrderId, number, placedAt, currencies, content, hold } = data;
  const head = fingerprint(headOf(data));
  return {
    ...withContent(state, content),
    placed: { channel, channelOrderId, number, placedAt, currency: currencies.shop, head, content: fingerprint(content) },
    ...(hold === null ? {} : { hold: { reasons: hold, content } }),
  };
}

function amended(state: OrderState, { content, head }: EventData<'order.amended'>): OrderState {
  const before = placedOf(state);
  const { number, placedAt, currency } = head === undefined ? before : { ...head, currency: head.currencies.shop };
  const after = withContent(state, content);
  return reopened({
    ...after,
    placed: {
      ...before,
      number,
      placedAt,
      currency,
      head: head === undefined ? before.head : fingerprint(headOf(head)),
      content: fingerprint(content),
    },
    ...(state.hold === undefined ? {} : { hold: { ...state.hold, content } }),
    confirmed: state.confirmed && !needsMore(state.lines, after.lines),
  });
}

function released(state: OrderState, { content, assigned, accepted }: EventData<'order.released'>): OrderState {
  const { hold: _, ...free } = withContent(state, content);
  return reopened({
    ...free,
    ...notConfirmed,
    placed: { ...placedOf(state), content: fingerprint(content) },
    ...(assigned === undefined
      ? {}
      : { assigned: { ...state.assigned, ...Object.fromEntries(assigned.map(({ lineId, item }) => [lineId, item])) } }),
    ...(accepted === undefined ? {} : { accepted: [...new Set([...(state.accepted ?? []), ...accepted])] }),
  });
}

function noted(state: OrderState, { refunds, shipments }: EventData<'order.noted'>): OrderState {
  let after = state;
  for (const refund of refunds ?? []) after = { ...after, refunds: put(after.refunds, { refund, told: false }, refundId) };
  for (const shipment of shipments ?? []) {
    const before = after.shipments?.find((known) => known.shipment.fulfillmentId === shipment.fulfillmentId);
    const told = before?.told === true && shipment.status === 'success' && goodsOf(shipment) === goodsOf(before.shipment);
    after = { ...after, shipments: put(after.shipments, { shipment: told ? withoutTracking(shipment) : shipment, told }, shipmentId) };
  }
  return after;
}

function shippedNow({
  shipmentId: fulfillmentId,
  shippedAt: createdAt,
  updatedAt,
  locationId,
  lines,
}: EventData<'order.shipped'>): KnownShipment {
  return {
    shipment: {
      fulfillmentId,
      status: 'success',
      createdAt,
      updatedAt: updatedAt ?? createdAt,
      locationId,
      lines: lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    },
    told: true,
  };
}

function cancelledNow(known: KnownShipment, data: EventData<'order.shipment-cancelled'>): KnownShipment {
  if (known.shipment.fulfillmentId !== data.shipmentId) return known;
  return { shipment: { ...known.shipment, status: 'cancelled', updatedAt: data.updatedAt ?? known.shipment.updatedAt }, told: false };
}

/** How the goods were treated is told by `order.returned`, which follows when there are goods. */
function refundedNow({ refundId: id, at, lines, shipping, adjustment, money, alone }: EventData<'order.refunded'>): Refund {
  const goods = lines.map((line) => ({ ...line, restock: 'none' as const, locationId: null }));
  return { refundId: id, at, lines: goods, shipping, adjustment, money, ...(alone === undefined ? {} : { alone }) };
}

function returnedNow(known: KnownRefund, data: EventData<'order.returned'>): KnownRefund {
  if (known.refund.refundId !== data.refundId) return known;
  const lines = known.refund.lines.map((line, index) => {
    const goods = data.lines[index];
    return goods === undefined ? line : { ...line, restock: goods.restock, locationId: goods.locationId };
  });
  return { ...known, refund: { ...known.refund, lines } };
}

function withContent(state: OrderState, content: OrderContent): OrderState {
  const lines = content.lines.map(({ lineId, item, quantity, shippable, giftCard }) => ({
    id: lineId,
    item,
    quantity: decimal(quantity),
    shippable,
    ...(giftCard ? { giftCard } : {}),
  }));
  return { ...state, lines, total: decimal(content.total.shop) };
}

function needsMore(before: readonly Line[], after: readonly Line[]): boolean {
  const known = new Map(before.map((line) => [line.id, line]));
  return after.some((line) => {
    if (!needsStock(line)) return false;
    const was = known.get(line.id);
    return was === undefined || was.item !== line.item || !needsStock(was) || compare(line.quantity, was.quantity) > 0;
  });
}

/** An order that was complete and is no longer will be completed once more. */
function reopened(state: OrderState): OrderState {
  return state.completed && !isComplete(state) ? { ...state, completed: false } : state;
}

function placedOf(state: OrderState): NonNullable<OrderState['placed']> {
  if (state.placed === undefined) throw new Error('the order is changed before it is placed');
  return state.placed;
}

function put<Known>(all: readonly Known[] | undefined, next: Known, idOf: (known: Known) => string): readonly Known[] {
  const at = all?.findIndex((known) => idOf(known) === idOf(next)) ?? -1;
  return all === undefined ? [next] : at < 0 ? [...all, next] : all.with(at, next);
}

function shipmentId(known: KnownShipment): string {
  return known.shipment.fulfillmentId;
}

function refundId(known: KnownRefund): string {
  return known.refund.refundId;
}

function withoutTracking({ tracking: _, ...shipment }: Shipment): KnownShipment['shipment'] {
  return shipment;
}
