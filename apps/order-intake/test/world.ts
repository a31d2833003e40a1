import type { EventData, EventType } from '@instep/contracts';
import { checkData, findEvent } from '@instep/contracts';
import type { Command, Context, DomainEvent, Refusal } from '@instep/decider';
import type { AnyReaction, IncomingEvent } from '@instep/department';
import { decisions } from '@instep/testkit';

import { compose } from '../src/compose.ts';
import type { OrderEvent } from '../src/domain/order/order-event.ts';
import type { OrderState } from '../src/domain/order/order-state.ts';
import { order } from '../src/domain/order/order.ts';

export const orderId = 'sample:450789469';

/** The department without runtime: events of others go through its reactions, commands through its decisions, and all is checked against the contracts. */
export class World {
  readonly events: OrderEvent[] = [];
  readonly #decisions = decisions(compose().streams);
  readonly #reactions: readonly AnyReaction[] = compose().reactions;

  /** What the department records because of this event. */
  hear<Type extends EventType>(type: Type, data: EventData<Type>): readonly OrderEvent[] {
    const event = incoming(type, data);
    return this.#reactions
      .filter((reaction) => reaction.on === type)
      .flatMap((reaction) => (reaction.commands as (event: IncomingEvent, views: never) => readonly Command[])(event, undefined as never))
      .flatMap((command) => this.ask(command).events);
  }

  ask(command: Command, context?: Partial<Context>): { readonly events: readonly OrderEvent[]; readonly refused: Refusal | undefined } {
    const { events, refused } = this.#decisions.when(command, context);
    for (const event of events) checkAgainstContract(event);
    this.events.push(...(events as readonly OrderEvent[]));
    return { events: events as readonly OrderEvent[], refused };
  }

  state(id = orderId): OrderState {
    return this.#decisions.state(order, id);
  }
}

export function incoming<Type extends EventType>(type: Type, data: EventData<Type>): IncomingEvent {
  return {
    type,
    data,
    id: 'event-1',
    tenant: 'demo',
    subject: 'subject',
    streamVersion: 1,
    time: '2026-01-01T00:00:00.000Z',
    recordedTime: '2026-01-01T00:00:00.000Z',
    correlationId: 'c',
    causationId: 'c',
    actor: 'test',
  } as unknown as IncomingEvent;
}

export function types(events: readonly DomainEvent[]): string[] {
  return events.map((event) => event.type.replace('order.', ''));
}

function checkAgainstContract(event: DomainEvent): void {
  const definition = findEvent(event.type);
  if (!definition) throw new Error(`no contract for ${event.type}`);
  checkData(definition, event.data);
}
