import type { ServiceName } from '@instep/contracts';
import { defineCommand, record } from '@instep/decider';
import type { Command, StreamDefinition } from '@instep/decider';

/** Streams that the runtime keeps for itself in every department. They have no state: only their versions count. */
export const positionStream: StreamDefinition<null> = { name: 'position', initial: () => null, evolve: () => null };
export const parkedKeyStream: StreamDefinition<null> = { name: 'parked-key', initial: () => null, evolve: () => null };

/** The tenant under which a service records what concerns no tenant. */
export const runtimeTenant = 'instep';

export interface AdvancedPosition {
  readonly topic: string;
  readonly partition: number;
  readonly nextOffset: number;
}

/** Whether a record only says how far some service has read. */
export function saysPosition({ type }: { readonly type: string | undefined }): boolean {
  return type?.endsWith('.position-advanced') ?? false;
}

/** Whether an event tells that a record was parked. */
export function saysDeadLetter({ type }: { readonly type: string }): boolean {
  return type.endsWith('.dead-letter');
}

/** Whether an event tells that a parked record was applied. */
export function saysRedriven({ type }: { readonly type: string }): boolean {
  return type.endsWith('.redriven');
}

interface AdvancePosition {
  readonly service: ServiceName;
  readonly consumer: string;
  readonly positions: readonly AdvancedPosition[];
}

const advancePosition = defineCommand<AdvancePosition>({
  name: 'advance-position',
  streams: ({ consumer }) => [{ stream: positionStream, id: consumer }],
  decide: ({ service, consumer, positions }) => ({
    events: record(positionStream, consumer, [{ type: `${service}.position-advanced`, data: { positions } }]),
  }),
});

/** Says in the log how far a consumer has read, when reading led to no event that would say so. */
export function sayPosition(data: AdvancePosition): Command {
  return advancePosition.with(data);
}
