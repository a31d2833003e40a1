import type { EventType } from '@instep/contracts';
import type { StreamDefinition } from '@instep/decider';

import type { IncomingEvent } from './incoming-event.ts';
import type { Row, RowKey, Table } from './table.ts';

/**
 * Rows folded from other owners' events. Reactions can read them (`views`). Events of different keys of the log reach a row in an order
 * that a rebuild does not repeat, so a fold over more than one key must not depend on it.
 */
export interface View<R extends Row = Row> {
  readonly kind: 'view';
  readonly table: Table<R>;
  readonly on: { readonly [Type in EventType]?: ViewFold<R, Type> };
}

export interface ViewFold<R extends Row, Type extends EventType> {
  keys(event: IncomingEvent<Type>): readonly RowKey[];
  /** The row after the event; the same row (or undefined) when the event changes nothing. */
  fold(row: R | undefined, event: IncomingEvent<Type>, key: RowKey): R | undefined;
}

/**
 * Rows derived from the state of one's own streams, written again whenever the state changes: what queries need with real columns.
 * The same keys must come out for the same stream id, or new ones be added: rows are never deleted.
 */
export interface StateTable<R extends Row = Row, State = never> {
  readonly kind: 'state';
  readonly table: Table<R>;
  readonly stream: StreamDefinition<State, never>;
  rows(state: State, at: { readonly tenant: string; readonly id: string; readonly version: number }): readonly R[];
}

/** Rows that are added and never change: a line per event or more. Own or others' events. */
export interface Journal<R extends Row = Row> {
  readonly kind: 'journal';
  readonly table: Table<R>;
  readonly on: { readonly [Type in EventType]?: (event: IncomingEvent<Type>) => readonly R[] };
}

/** A view whose row type is forgotten, for lists of them. */
export interface AnyView {
  readonly kind: 'view';
  readonly table: AnyTable;
  readonly on: { readonly [Type in EventType]?: AnyViewFold<Type> };
}

interface AnyViewFold<Type extends EventType> {
  keys(event: IncomingEvent<Type>): readonly RowKey[];
  fold(row: Row | undefined, event: IncomingEvent<Type>, key: RowKey): Row | undefined;
}

export interface AnyStateTable {
  readonly kind: 'state';
  readonly table: AnyTable;
  readonly stream: StreamDefinition<unknown, never>;
  rows(state: unknown, at: { readonly tenant: string; readonly id: string; readonly version: number }): readonly Row[];
}

export interface AnyJournal {
  readonly kind: 'journal';
  readonly table: AnyTable;
  readonly on: { readonly [Type in EventType]?: (event: IncomingEvent<Type>) => readonly Row[] };
}

export interface AnyTable {
  readonly name: string;
  readonly key: readonly string[];
}

export type Projection = AnyView | AnyStateTable | AnyJournal;

/** Types the parts of a projection against each other; a list of projections forgets the row types. */
export function view<R extends Row>(definition: Omit<View<R>, 'kind'>): View<R> {
  return { kind: 'view', ...definition };
}

export function stateTable<R extends Row, State>(definition: Omit<StateTable<R, State>, 'kind'>): StateTable<R, State> {
  return { kind: 'state', ...definition };
}

export function journal<R extends Row>(definition: Omit<Journal<R>, 'kind'>): Journal<R> {
  return { kind: 'journal', ...definition };
}
