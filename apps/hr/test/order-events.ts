import type { EventData } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';
import { incoming, noCharge, orderContent, orderPlaced as placed } from '@instep/testkit/department';

const order = { subject: 'pos:1' };

/** An order of two lines, 100 and 20 net with tax, and a gift card over 50, sold by staff member 1 of the channel `pos`. */
export function orderPlaced(given: Partial<EventData<'order.placed'>> = {}): IncomingEvent<'order.placed'> {
  const lines = [
    { lineId: 'a', net: '100', tax: '10' },
    { lineId: 'b', net: '20', tax: '2' },
    { lineId: 'card', net: '50', giftCard: true, shippable: false },
  ];
  return placed({
    orderId: 'pos:1',
    channel: 'pos',
    currencies: { shop: 'USD', presentment: 'USD' },
    staffId: '1',
    content: orderContent(lines, { total: { shop: '182' } }),
    personal: { name: 'Ada', email: 'ada@example.com', phone: null },
    ...given,
  });
}

export function orderPaid(received: string): IncomingEvent<'order.paid'> {
  return incoming('order.paid', { orderId: 'pos:1', amount: received, received, currency: 'USD', complete: true }, order);
}

/** Lines by id with the net value taken back of each; its tax is a tenth. `given`: what else was given back. */
export function orderRefunded(refundId: string, lines: Readonly<Record<string, number>>, given = '0'): IncomingEvent<'order.refunded'> {
  const data = {
    orderId: 'pos:1',
    refundId,
    at: '2026-01-02T00:00:00Z',
    currency: 'USD',
    lines: Object.entries(lines).map(([lineId, net]) => ({
      lineId,
      quantity: '1',
      net: String(net),
      tax: lineId === 'card' ? '0' : String(net / 10),
    })),
    shipping: noCharge,
    adjustment: { net: { shop: given }, tax: { shop: '0' } },
    money: '0',
  };
  return incoming('order.refunded', data, order);
}

export const orderCancelled = incoming(
  'order.cancelled',
  { orderId: 'pos:1', at: '2026-01-03T00:00:00Z', reason: null, afterShipment: false },
  order,
);
