import type { EventData } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';
import { orderContent, orderPlaced } from '@instep/testkit/department';
import type { OrderedLine } from '@instep/testkit/department';

/** For specs: these lines are ordered. */
export function placed(lines: readonly OrderedLine[], given: Partial<EventData<'order.placed'>> = {}): IncomingEvent<'order.placed'> {
  return orderPlaced({ content: orderContent(lines), ...given });
}
