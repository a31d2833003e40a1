import type { EventType } from '@instep/contracts';
import type { Command, StreamRef } from '@instep/decider';

import type { IncomingEvent } from './incoming-event.ts';
import type { AnyView, View } from './projection.ts';
import type { Row, RowKey } from './table.ts';

/** Rows of views as they stand after this event was folded into them. Only rows that this event's folds named are there. */
export interface ViewReader {
  row<R extends Row>(view: View<R>, key: RowKey): R | undefined;
}

/**
 * Somebody else's event becomes commands of our own: nothing foreign enters the domain. Pure.
 * Reads views only when `views` says so (they are then loaded before it is asked, one round trip later).
 */
export interface Reaction<Type extends EventType = EventType> {
  readonly on: Type;
  readonly views?: readonly AnyView[];
  /** Streams that its commands will name for sure: with `views`, they are then loaded together with these instead of one round trip later. */
  preload?(event: IncomingEvent<Type>): readonly StreamRef[];
  commands(event: IncomingEvent<Type>, views: ViewReader): readonly Command[];
}

export type AnyReaction = { [Type in EventType]: Reaction<Type> }[EventType];

export function reaction<const Type extends EventType>(
  on: Type,
  commands: Reaction<Type>['commands'],
  reads: { readonly views?: readonly AnyView[]; preload?(event: IncomingEvent<Type>): readonly StreamRef[] } = {},
): AnyReaction {
  return { on, commands, ...reads } as unknown as AnyReaction;
}
