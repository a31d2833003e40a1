import type { EventData, EventType } from '@instep/contracts';
import type { IncomingEvent } from '@instep/department';

/** An event as it comes from the log, of tenant `demo`. `given`: what matters of the rest; the subject is `sample:1` when not said. */
export function incoming<const Type extends EventType>(
  type: Type,
  data: EventData<Type>,
  given: Partial<Omit<IncomingEvent, 'type' | 'data'>> = {},
): IncomingEvent<Type> {
  const event = {
    type,
    data,
    id: `id-${type}`,
    tenant: 'demo',
    subject: 'sample:1',
    streamVersion: 1,
    time: '2026-01-01T10:00:00Z',
    recordedTime: '2026-01-01T10:00:01Z',
    correlationId: 'c',
    causationId: 'c',
    actor: 'connection/sample',
    ...given,
  };
  return event;
}
