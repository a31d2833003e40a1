import type { Command, Context, Decided, Decision, DomainEvent, Reader, Refusal, StreamDefinition } from '@instep/decider';

type AnyStream = StreamDefinition<unknown, never>;
type LooseStream = StreamDefinition<unknown>;

interface Entry {
  version: number;
  state: unknown;
}

export interface Decisions {
  /** Events that already happened, in order. */
  given(...events: readonly (readonly Decided[])[]): Decisions;
  /** Decides, and on acceptance folds the events, so that `when` can be called again. */
  when(
    command: Command,
    context?: Partial<Context>,
  ): { readonly events: readonly DomainEvent[]; readonly decided: readonly Decided[]; readonly refused: Refusal | undefined };
  /** The state of a stream as it is now. */
  state<State>(stream: StreamDefinition<State, never>, id: string): State;
}

/**
 * A store on a Map, for given/when/then specs: loads what the command names (in rounds, as the runtime does), checks that a decision
 * touches only streams that it named, and folds with `evolve` and `touchedBy`.
 */
export function decisions(streams: readonly AnyStream[]): Decisions {
  const kinds = streams as unknown as readonly LooseStream[];
  const entries = new Map<string, Entry>();

  function entry(kind: LooseStream, id: string): Entry {
    return entries.get(`${kind.name}/${id}`) ?? { version: 0, state: kind.initial(id) };
  }

  function fold(decided: Decided, mayTouch?: (kind: string, id: string) => boolean): void {
    for (const kind of kinds) {
      const own = kind.name === decided.stream ? [decided.id] : [];
      for (const id of [...own, ...(kind.touchedBy?.(decided.event) ?? [])]) {
        if (mayTouch && !mayTouch(kind.name, id)) throw new Error(`the decision changes ${kind.name}/${id} but did not name it`);
        const before = entry(kind, id);
        entries.set(`${kind.name}/${id}`, { version: before.version + 1, state: kind.evolve(before.state, decided.event, id) });
      }
    }
  }

  const self: Decisions = {
    given(...events) {
      for (const decided of events.flat()) fold(decided);
      return self;
    },
    when(command, context = {}) {
      const named = new Set<string>();
      const read: Reader = {
        state<State>(kind: StreamDefinition<State, never>, id: string): State {
          if (!named.has(`${kind.name}/${id}`)) throw new Error(`the command reads ${kind.name}/${id} but did not name it`);
          return entry(kind, id).state as State;
        },
        version: (kind, id) => entry(kind, id).version,
        has: (kind, id) => named.has(`${kind.name}/${id}`),
      };
      for (let size = -1; size < named.size;) {
        size = named.size;
        for (const ref of command.command.streams(command.data, read)) named.add(`${ref.stream.name}/${ref.id}`);
      }
      const decision: Decision = command.command.decide(command.data, read, {
        tenant: 'demo',
        time: '2026-01-01T00:00:00.000Z',
        ...context,
      });
      if ('refused' in decision) return { events: [], decided: [], refused: decision.refused };
      for (const decided of decision.events) fold(decided, (kind, id) => named.has(`${kind}/${id}`));
      return { events: decision.events.map((decided) => decided.event), decided: decision.events, refused: undefined };
    },
    state: (kind, id) => entry(kind, id).state as never,
  };
  return self;
}
