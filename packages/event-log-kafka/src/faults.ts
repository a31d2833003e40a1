import { LogUnavailable, UnknownTopic } from '@instep/event-log';

/** Whatever a client below threw, as one of the port's faults. */
export function asFault(doing: string, cause: unknown): Error {
  if (isPortFault(cause)) return cause;
  if (typesOf(cause).includes('UNKNOWN_TOPIC_OR_PARTITION')) return new UnknownTopic(`${doing}: no such topic`, { cause });
  return new LogUnavailable(`${doing}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
}

function isPortFault(cause: unknown): cause is Error {
  return cause instanceof Error && 'code' in cause && typeof cause.code === 'string' && cause.code.startsWith('log/');
}

/** Protocol error names along the chain of causes; kafkajs wraps an error again at each level of retries. */
function typesOf(error: unknown): readonly string[] {
  const types: string[] = [];
  for (let at: unknown = error, depth = 0; at instanceof Error && depth < 10; at = at.cause, depth++) {
    if ('type' in at && typeof at.type === 'string') types.push(at.type);
  }
  return types;
}

/** The protocol's name of an error that a kafkajs call threw, e.g. `UNKNOWN_MEMBER_ID`. */
export function protocolError(error: unknown): string | undefined {
  return typesOf(error)[0];
}
