import type { EventData, EventType } from '@instep/contracts';

/** An event as reactions and projections see it: the newest version, wherever and whenever it was written. */
export type IncomingEvent<Type extends EventType = EventType> = {
  [Name in Type]: {
    readonly type: Name;
    readonly data: EventData<Name>;
    readonly id: string;
    readonly tenant: string;
    /** Id of the stream that it was recorded in. */
    readonly subject: string;
    readonly streamVersion: number;
    /** When it happened and when it was recorded. ISO 8601, UTC. */
    readonly time: string;
    readonly recordedTime: string;
    readonly correlationId: string;
    readonly causationId: string;
    readonly actor: string;
  };
}[Type];
