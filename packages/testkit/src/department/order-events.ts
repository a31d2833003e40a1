import type { EventData } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';

import { incoming } from './incoming.ts';

type Content = EventData<'order.placed'>['content'];

/** A line of an order, as far as it matters to a spec: one piece at 10 without tax, when not said otherwise. */
export interface OrderedLine {
  readonly lineId: string;
  /** The line's own id when left out. */
  readonly item?: string | null;
  readonly quantity?: string;
  readonly net?: string;
  readonly tax?: string;
  readonly shippable?: boolean;
  readonly giftCard?: boolean;
}

/** Nothing charged, nothing given. */
export const noCharge = { net: { shop: '0' }, tax: { shop: '0' } };

/** The content of an order with these lines. Its total is not computed: what a spec is about says so in `given`. */
export function orderContent(lines: readonly OrderedLine[], given: Partial<Content> = {}): Content {
  return {
    lines: lines.map(({ lineId, item = lineId, quantity = '1', net = '10', tax = '0', shippable = true, giftCard = false }) => ({
      lineId,
      item,
      title: lineId,
      quantity,
      unitPrice: { shop: net },
      discount: { shop: '0' },
      net: { shop: net },
      tax: { shop: tax },
      shippable,
      giftCard,
    })),
    shipping: noCharge,
    duties: noCharge,
    fees: noCharge,
    tip: { shop: '0' },
    rounding: { shop: '0' },
    total: { shop: '10' },
    ...given,
  };
}

/** Somebody orders nothing in particular in EUR at the channel `sample`; `given` says what matters. The subject is its `orderId`. */
export function orderPlaced(given: Partial<EventData<'order.placed'>> = {}): IncomingEvent<'order.placed'> {
  const data = {
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
    content: orderContent([]),
    hold: null,
    personal: null,
    ...given,
  };
  return incoming('order.placed', data, { subject: data.orderId });
}
