import type { DomainEvent } from './domain-event.ts';

/**
 * One kind of stream: the consistency boundary of a decision. Its state is the fold of its events and nothing else,
 * so it can be rebuilt from the log. States are never changed in place.
 */
export interface StreamDefinition<State, Event extends DomainEvent = DomainEvent> {
  readonly name: string;
  initial(id: string): State;
  /** Total over the events it is given; an unknown type is a defect and throws. `id` is the id of the stream that is being folded. */
  evolve(state: State, event: Event, id: string): State;
  /**
   * Ids of streams of this kind that also change when an event is recorded in another stream of the same service
   * (a reservation lowers what is available of an item). Such a fold must not depend on the order of events of different
   * streams: a rebuild sees them in another order. A decision must have named every stream that its events touch.
   */
  touchedBy?(event: DomainEvent): readonly string[];
}

/** One stream: a kind and the id within the tenant. The id is also the second part of the record key. */
export interface StreamRef<State = unknown> {
  readonly stream: StreamDefinition<State, never>;
  readonly id: string;
}
