import type { StreamDefinition } from '@instep/decider';

import { evolve } from './evolve.ts';
import type { OrderEvent } from './order-event.ts';
import type { OrderState } from './order-state.ts';
import { initialOrder } from './order-state.ts';

/** One order of one channel: id `<channel>:<channel order id>`. */
export const order: StreamDefinition<OrderState, OrderEvent> = { name: 'order', initial: () => initialOrder, evolve };
