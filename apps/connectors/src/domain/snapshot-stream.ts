import type { DomainEvent, StreamDefinition } from '@instep/decider';

/** The content that a channel reported last for one object. */
interface Reported {
  readonly contentHash: string | null;
}

type SnapshotReport = DomainEvent<string, { readonly contentHash: string }>;

/** A stream of whole snapshots of one object: all there is to know is what the last one said. */
export function snapshotStream<Event extends SnapshotReport>(name: string): StreamDefinition<Reported, Event> {
  return { name, initial: () => ({ contentHash: null }), evolve: (_, event) => ({ contentHash: event.data.contentHash }) };
}
