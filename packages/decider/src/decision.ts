import type { DomainEvent } from './domain-event.ts';
import type { StreamDefinition } from './stream.ts';

/** An expected "no": stable code `<stream>/<kebab>`, a sentence for a person, and what it was about. */
export interface Refusal {
  readonly code: `${string}/${string}`;
  readonly message: string;
  readonly details?: Readonly<Record<string, unknown>>;
}

/** One event and the stream that it is recorded in. `time`: when it happened, if that differs from the command's time. */
export interface Decided {
  readonly stream: string;
  readonly id: string;
  readonly event: DomainEvent;
  readonly time?: string;
}

export type Decision = { readonly events: readonly Decided[] } | { readonly refused: Refusal };

/** Events for one stream, to be put into a decision. */
export function record<Event extends DomainEvent>(
  stream: StreamDefinition<never, Event> | { readonly name: string; evolve(state: never, event: Event, id: string): unknown },
  id: string,
  events: readonly NoInfer<Event>[],
  time?: string,
): Decided[] {
  return events.map((event) => (time === undefined ? { stream: stream.name, id, event } : { stream: stream.name, id, event, time }));
}

export function accept(...events: readonly (readonly Decided[])[]): Decision {
  return { events: events.flat() };
}

/** Nothing happened: the state was already as asked for. */
export const nothing: Decision = { events: [] };

export function refuse(code: Refusal['code'], message: string, details?: Refusal['details']): Decision {
  return { refused: details === undefined ? { code, message } : { code, message, details } };
}
