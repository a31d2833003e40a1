import type { EventData, EventType } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';

const nothing = { net: { shop: '0' }, tax: { shop: '0' } };

/** For specs: the content of an order over 119.90 EUR. */
export const orderContent: EventData<'order.placed'>['content'] = {
  lines: [],
  shipping: nothing,
  duties: nothing,
  fees: nothing,
  tip: { shop: '0' },
  rounding: { shop: '0' },
  total: { shop: '119.90' },
};

/** For specs: an event of the order `sample:1` (or what `subject` names) as it comes from the log. */
export function incoming<const Type extends EventType>(type: Type, data: EventData<Type>, subject = 'sample:1'): IncomingEvent<Type> {
  const event = {
    type,
    data,
    id: `id-${type}`,
    tenant: 'demo',
    subject,
    streamVersion: 1,
    time: '2026-01-01T10:00:00Z',
    recordedTime: '2026-01-01T10:00:01Z',
    correlationId: 'c',
    causationId: 'c',
    actor: 'connection/sample',
  };
  return event;
}

/** For specs: Ada orders. */
export function orderPlaced(given: Partial<EventData<'order.placed'>> = {}): IncomingEvent<'order.placed'> {
  return incoming('order.placed', {
    orderId: 'sample:1',
    channel: 'sample',
    channelOrderId: '1',
    number: '#1001',
    placedAt: '2026-01-01T10:00:00Z',
    test: false,
    currencies: { shop: 'EUR', presentment: 'EUR' },
    customer: { subject: 'sub_e-ada', email: 'e-ada', phone: 'p-1', channelCustomerId: '7' },
    staffId: null,
    locationId: null,
    content: orderContent,
    hold: null,
    personal: { name: 'Ada', email: 'ada@example.com', phone: null },
    ...given,
  });
}
