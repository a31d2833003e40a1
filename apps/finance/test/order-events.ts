import type { EventData } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';
import { incoming, noCharge, orderContent, orderPlaced as placed } from '@instep/testkit/department';

/** Two pieces of `a` for 20 and a gift card over 50, with tax and shipping: 77 in all. */
export const content = orderContent(
  [
    { lineId: 'a', quantity: '2', net: '20', tax: '2' },
    { lineId: 'card', net: '50', giftCard: true, shippable: false },
  ],
  { shipping: { net: { shop: '4.50' }, tax: { shop: '0.50' } }, total: { shop: '77' } },
);

/** For specs: the order `sample:1`, or what `given` says, over `content`. */
export function orderPlaced(given: Partial<EventData<'order.placed'>> = {}): IncomingEvent<'order.placed'> {
  return placed({ content, ...given });
}

type Given = Partial<Pick<IncomingEvent, 'subject' | 'time'>>;

export function orderPaid(received: string, given: Given = {}, currency = 'EUR'): IncomingEvent<'order.paid'> {
  const { subject: orderId = 'sample:1' } = given;
  return incoming('order.paid', { orderId, amount: received, received, currency, complete: false }, given);
}

/** `lines`: quantity by line id. */
export function orderShipped(shipmentId: string, lines: Readonly<Record<string, string>>, given: Given = {}) {
  const { subject: orderId = 'sample:1' } = given;
  return incoming(
    'order.shipped',
    {
      orderId,
      shipmentId,
      shippedAt: '2026-01-02T00:00:00Z',
      locationId: null,
      lines: Object.entries(lines).map(([lineId, quantity]) => ({ lineId, item: lineId, quantity })),
      tracking: { company: null, numbers: [], urls: [] },
      complete: false,
    },
    given,
  );
}

export function shipmentCancelled(shipmentId: string): IncomingEvent<'order.shipment-cancelled'> {
  return incoming('order.shipment-cancelled', { orderId: 'sample:1', shipmentId, locationId: null, lines: [] });
}

/** The refund `r1`; `given` says what it takes back. */
export function orderRefunded(given: Partial<EventData<'order.refunded'>>, at: Given = {}): IncomingEvent<'order.refunded'> {
  const data = {
    orderId: 'sample:1',
    refundId: 'r1',
    at: '2026-01-03T00:00:00Z',
    currency: 'EUR',
    lines: [],
    shipping: noCharge,
    adjustment: noCharge,
    money: '0',
    ...given,
  };
  return incoming('order.refunded', data, at);
}

/** Goods of the refund `r1`: line, how they are treated, and how many. */
export function orderReturned(
  ...lines: readonly (readonly [lineId: string, restock: 'none' | 'cancel' | 'return', quantity: string])[]
): IncomingEvent<'order.returned'> {
  return incoming('order.returned', {
    orderId: 'sample:1',
    refundId: 'r1',
    at: '2026-01-03T00:00:00Z',
    lines: lines.map(([lineId, restock, quantity]) => ({ lineId, item: lineId, quantity, restock, locationId: null })),
  });
}
