import type { EventData } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';
import { orderContent, orderPlaced as placed } from '@instep/testkit/department';

/** For specs: the content of an order over 119.90 EUR. */
export const contentOver119 = orderContent([], { total: { shop: '119.90' } });

/** For specs: Ada orders. */
export function orderPlaced(given: Partial<EventData<'order.placed'>> = {}): IncomingEvent<'order.placed'> {
  return placed({
    customer: { subject: 'sub_e-ada', email: 'e-ada', phone: 'p-1', channelCustomerId: '7' },
    content: contentOver119,
    personal: { name: 'Ada', email: 'ada@example.com', phone: null },
    ...given,
  });
}
