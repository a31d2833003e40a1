import { checkData, findEvent } from '@instep/contracts';
import type { Command, Context, DomainEvent, Refusal, StreamDefinition } from '@instep/decider';
import type { AnyView, DepartmentDefinition, IncomingEvent, Reaction, View, ViewReader } from '@instep/department';

import { decisions } from '../decision.ts';

type LooseRow = Readonly<Record<string, string | number | boolean | null>>;

export interface Desk {
  /** What the department records because of this event, time of which is the time of what it records. */
  hear(event: IncomingEvent): readonly DomainEvent[];
  ask(command: Command, context?: Partial<Context>): { readonly events: readonly DomainEvent[]; readonly refused: Refusal | undefined };
  /** A row of a view as it stands. */
  row<R extends LooseRow>(view: View<R>, key: readonly string[]): R | undefined;
  state<State>(stream: StreamDefinition<State, never>, id: string): State;
}

/**
 * A department without its runtime: events of others are folded into its views and go through its reactions, commands through its decisions,
 * at once and on maps. Throws when something is recorded that no contract allows.
 */
export function deskOf({ streams, projections, reactions }: DepartmentDefinition): Desk {
  const run = decisions(streams);
  const views = projections.filter((projection): projection is AnyView => projection.kind === 'view');
  const rows = new Map<string, LooseRow>();
  const at = (view: { readonly table: { readonly name: string } }, key: readonly unknown[]) => JSON.stringify([view.table.name, ...key]);
  const reader: ViewReader = { row: (view, key) => rows.get(at(view, key)) as never };

  const desk: Desk = {
    hear(event) {
      for (const one of views) {
        const fold = (one as unknown as View<LooseRow>).on[event.type];
        for (const key of fold?.keys(event as never) ?? []) {
          const row = fold?.fold(rows.get(at(one, key)), event as never, key);
          if (row) rows.set(at(one, key), row);
        }
      }
      return reactions
        .filter(({ on }) => on === event.type)
        .flatMap((one) => (one as unknown as Reaction).commands(event, reader))
        .flatMap((command) => desk.ask(command, { time: event.time }).events);
    },
    ask(command, context) {
      const { events, refused } = run.when(command, context);
      for (const { type, data } of events) {
        const definition = findEvent(type);
        if (!definition) throw new Error(`no contract names ${type}`);
        checkData(definition, data);
      }
      return { events, refused };
    },
    row: (view, key) => rows.get(at(view, key)) as never,
    state: (stream, id) => run.state(stream, id),
  };
  return desk;
}
