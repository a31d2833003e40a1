import type { EventData, EventType } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';

const nothing = { net: { shop: '0' }, tax: { shop: '0' } };

interface Line {
  readonly lineId: string;
  readonly net: string;
  readonly tax?: string;
  readonly giftCard?: boolean;
}

/** The content of an order with these lines and nothing else. */
export function orderContent(total: string, ...lines: readonly Line[]): EventData<'order.placed'>['content'] {
  return {
    lines: lines.map(({ lineId, net, tax = '0', giftCard = false }) => ({
      lineId,
      item: lineId,
      title: lineId,
      quantity: '1',
      unitPrice: { shop: net },
      discount: { shop: '0' },
      net: { shop: net },
      tax: { shop: tax },
      shippable: !giftCard,
      giftCard,
    })),
    shipping: nothing,
    duties: nothing,
    fees: nothing,
    tip: { shop: '0' },
    rounding: { shop: '0' },
    total: { shop: total },
  };
}

/** An event of the order `pos:1` as it comes from the log. */
export function incoming<const Type extends EventType>(type: Type, data: EventData<Type>): IncomingEvent<Type> {
  const event = {
    type,
    data,
    id: `id-${type}`,
    tenant: 'demo',
    subject: 'pos:1',
    streamVersion: 1,
    time: '2026-01-01T10:00:00Z',
    recordedTime: '2026-01-01T10:00:01Z',
    correlationId: 'c',
    causationId: 'c',
    actor: 'connection/pos',
  };
  return event;
}

/** An order of two lines, 100 and 20 net with tax, and a gift card over 50, sold by staff member 1 of the channel `pos`. */
export function orderPlaced(given: Partial<EventData<'order.placed'>> = {}): IncomingEvent<'order.placed'> {
  return incoming('order.placed', {
    orderId: 'pos:1',
    channel: 'pos',
    channelOrderId: '1',
    number: '#1001',
    placedAt: '2026-01-01T10:00:00Z',
    test: false,
    currencies: { shop: 'USD', presentment: 'USD' },
    customer: null,
    staffId: '1',
    locationId: null,
    content: orderContent(
      '182',
      { lineId: 'a', net: '100', tax: '10' },
      { lineId: 'b', net: '20', tax: '2' },
      { lineId: 'card', net: '50', giftCard: true },
    ),
    hold: null,
    personal: { name: 'Ada', email: 'ada@example.com', phone: null },
    ...given,
  });
}

export function orderPaid(received: string): IncomingEvent<'order.paid'> {
  return incoming('order.paid', { orderId: 'pos:1', amount: received, received, currency: 'USD', complete: true });
}

/** Lines by id with the net value taken back of each; its tax is a tenth. `given`: what else was given back. */
export function orderRefunded(refundId: string, lines: Readonly<Record<string, number>>, given = '0'): IncomingEvent<'order.refunded'> {
  return incoming('order.refunded', {
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
    shipping: nothing,
    adjustment: { net: { shop: given }, tax: { shop: '0' } },
    money: '0',
  });
}

export const orderCancelled = incoming('order.cancelled', {
  orderId: 'pos:1',
  at: '2026-01-03T00:00:00Z',
  reason: null,
  afterShipment: false,
});
