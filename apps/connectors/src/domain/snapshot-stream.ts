import type { DomainEvent, StreamDefinition } from '@instep/decider';

/** What a channel reported last for one object: its content, and the channel's own time stamp of it. */
export interface Reported {
  readonly contentHash: string;
  readonly reportedAt: string;
}

type SnapshotReport = DomainEvent<string, Reported>;

/** A stream of whole snapshots of one object: all there is to know is what the last one said. */
export function snapshotStream<Event extends SnapshotReport>(name: string): StreamDefinition<Reported | null, Event> {
  return {
    name,
    initial: () => null,
    evolve: (_, { data: { contentHash, reportedAt } }) => ({ contentHash, reportedAt }),
  };
}

/**
 * Whether a report tells nothing that the last one did not: the same content, no later. The same content with a later stamp is news: whoever
 * compares stamps must know that it held until then, or a report from in between, that comes late, would pass for the newest.
 */
export function isKnown(last: Reported | null, { contentHash, reportedAt }: Reported): boolean {
  return last !== null && last.contentHash === contentHash && reportedAt <= last.reportedAt;
}
