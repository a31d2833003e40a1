import type { EventData, EventType } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';

const nothing = { net: { shop: '0' }, tax: { shop: '0' } };

export interface Ordered {
  readonly lineId: string;
  readonly item: string | null;
  readonly quantity: string;
  readonly shippable?: boolean;
  readonly giftCard?: boolean;
}

/** For specs: an event as it comes from the log. */
export function incoming<const Type extends EventType>(type: Type, data: EventData<Type>): IncomingEvent<Type> {
  const event = {
    type,
    data,
    id: `id-${type}`,
    tenant: 'demo',
    subject: 'sample:1',
    streamVersion: 1,
    time: '2026-01-01T10:00:00Z',
    recordedTime: '2026-01-01T10:00:01Z',
    correlationId: 'c',
    causationId: 'c',
    actor: 'connection/sample',
  };
  return event;
}

export function contentOf(lines: readonly Ordered[]): EventData<'order.placed'>['content'] {
  return {
    lines: lines.map(({ lineId, item, quantity, shippable = true, giftCard = false }) => ({
      lineId,
      item,
      title: lineId,
      quantity,
      unitPrice: { shop: '10' },
      discount: { shop: '0' },
      net: { shop: '10' },
      tax: { shop: '0' },
      shippable,
      giftCard,
    })),
    shipping: nothing,
    duties: nothing,
    fees: nothing,
    tip: { shop: '0' },
    rounding: { shop: '0' },
    total: { shop: '10' },
  };
}

export function placed(lines: readonly Ordered[], given: Partial<EventData<'order.placed'>> = {}): IncomingEvent<'order.placed'> {
  return incoming('order.placed', {
    orderId: 'sample:1',
    channel: 'sample',
    channelOrderId: '1',
    number: '#1001',
    placedAt: '2026-01-01T10:00:00Z',
    test: false,
    currencies: { shop: 'EUR', presentment: 'EUR' },
    customer: null,
    staffId: null,
    locationId: null,
    content: contentOf(lines),
    hold: null,
    personal: null,
    ...given,
  });
}
