/**
 * When the outside world's request that everything goes back to was received, in the vendor part of `tracestate` (W3C Trace Context, section
 * 3.3): it travels with every event of the chain, so each department can say how long the way to it took.
 */
const member = /(?:^|,)\s*instep=r:([0-9a-z]{1,9})(?:\s*,|\s*$)/;

/** `ms` since 1970. */
export function receivedTracestate(ms: number): string {
  return `instep=r:${Math.trunc(ms).toString(36)}`;
}

/** Milliseconds since 1970, or undefined when the tracestate does not tell. */
export function receivedAt(tracestate: string | undefined): number | undefined {
  const found = tracestate === undefined ? undefined : member.exec(tracestate)?.[1];
  return found === undefined ? undefined : Number.parseInt(found, 36);
}
