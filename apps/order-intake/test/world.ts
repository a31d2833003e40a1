import type { EventData, EventType } from '@instep/contracts';
import type { Command, Context, DomainEvent, Refusal } from '@instep/decider';
import type { IncomingEvent } from '@instep/department';
import { deskOf, incoming } from '@instep/testkit/department';

import { compose } from '../src/compose.ts';
import type { OrderEvent } from '../src/domain/order/order-event.ts';
import type { OrderState } from '../src/domain/order/order-state.ts';
import { order } from '../src/domain/order/order.ts';

export const orderId = 'sample:450789469';

/** The department at its desk, with all that it recorded so far. */
export class World {
  readonly events: OrderEvent[] = [];
  readonly #desk = deskOf(compose());

  /** What the department records because of this event. */
  hear<Type extends EventType>(type: Type, data: EventData<Type>): readonly OrderEvent[] {
    const events = this.#desk.hear(incoming(type, data) as unknown as IncomingEvent) as readonly OrderEvent[];
    this.events.push(...events);
    return events;
  }

  ask(command: Command, context?: Partial<Context>): { readonly events: readonly OrderEvent[]; readonly refused: Refusal | undefined } {
    const { events, refused } = this.#desk.ask(command, context);
    this.events.push(...(events as readonly OrderEvent[]));
    return { events: events as readonly OrderEvent[], refused };
  }

  state(id = orderId): OrderState {
    return this.#desk.state(order, id);
  }
}

export function types(events: readonly DomainEvent[]): string[] {
  return events.map((event) => event.type.replace('order.', ''));
}
