import type { Decision } from './decision.ts';
import type { StreamDefinition, StreamRef } from './stream.ts';

/** The states of the streams that a command named, as they are before its decision. */
export interface Reader {
  /** The state, or the initial state when the stream has no event yet. Throws when the command did not name the stream. */
  state<State>(stream: StreamDefinition<State, never>, id: string): State;
  /** 0 when the stream has no event yet. */
  version(stream: StreamDefinition<never, never> | StreamDefinition<unknown, never>, id: string): number;
  /** Whether the stream is loaded: `streams` may look at what is there and name more. */
  has(stream: StreamDefinition<unknown, never>, id: string): boolean;
}

/** What a decision may know besides state: everything else it needs (ids, choices) is in the command itself. */
export interface Context {
  readonly tenant: string;
  /** ISO 8601, UTC: when the cause happened. */
  readonly time: string;
}

export interface CommandDefinition<Data> {
  readonly name: string;
  /**
   * The streams that the decision reads or changes. It is asked again, with what has been loaded so far, until it names nothing new;
   * so a stream found in the state of another can be named in the second round.
   */
  streams(data: Data, read: Reader): readonly StreamRef[];
  /** Pure. Returns events for streams that it named, or a refusal. Throws only on a defect. */
  decide(data: Data, read: Reader, context: Context): Decision;
}

/** A command that waits to be decided. */
export interface Command<Data = never> {
  readonly command: CommandDefinition<Data>;
  readonly data: Data;
}

/** Names the command's data once: `const receive = defineCommand<Receive>({...}); receive.with({...})` is a command. */
export function defineCommand<Data>(definition: CommandDefinition<Data>): CommandDefinition<Data> & { with(data: Data): Command } {
  return { ...definition, with: (data) => ({ command: definition, data }) as unknown as Command };
}
